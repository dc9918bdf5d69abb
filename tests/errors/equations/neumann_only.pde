coord x, y in [0, 1]
field u(x, y)
eq u_xx + u_yy = cos(pi*x)
on x = 0, x = 1: u_x = 0
on y = 0, y = 1: u_y = 0
exact u = -cos(pi*x)/pi^2
