# two fields that share an operator, a network in which values have several readers
coord x, y in [0, 1]
field u(x, y)
field v(x, y)
eq u_xx + u_yy = v
eq v_xx + v_yy = u*v
on x = 0, x = 1, y = 0, y = 1: u = 0
on x = 0, x = 1, y = 0, y = 1: v = 1
train { network = modified_mlp(width = 2, depth = 1) }
