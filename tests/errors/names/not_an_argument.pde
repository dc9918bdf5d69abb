coord x, y in [0, 1]
field u(x)
eq u_xx + u_yy = 0
on x = 0, x = 1: u = 0
