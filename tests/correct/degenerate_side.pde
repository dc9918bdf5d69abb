problem "Keldysh equation, degenerate at one side only"

coord x in [-1, 1]
coord y in [0, 1]
field u(x, y)

eq u_xx + d(y*u_y, y) = 0
on x = -1, x = 1: u = 0
on y = 0: u_y = 0
on y = 1: u = cos(pi*x/2)
