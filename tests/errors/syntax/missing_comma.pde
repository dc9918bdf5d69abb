coord x y in [0, 1]
field u(x, y)
eq u_xx + u_yy = 1
on x = 0 x = 1, y = 0, y = 1: u = 0
