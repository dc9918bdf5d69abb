problem "Helmholtz equation"

coord x, y in [-1, 1]
field u(x, y)
param k = 1

let f = (k^2 - 17*pi^2)*sin(pi*x)*sin(4*pi*y)

eq u_xx + u_yy + k^2*u = f
on x = -1, x = 1: u = 0
on y = -1, y = 1: u = 0

exact u = sin(pi*x)*sin(4*pi*y)
