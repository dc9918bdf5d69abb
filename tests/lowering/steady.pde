coord x, y in [-1, 1]
field u(x, y)
let f = 17*pi^2*sin(pi*x)*sin(4*pi*y)
eq poisson: -u_xx - u_yy = f
on x = -1, x = 1, y = -1, y = 1: u = 0
exact u = sin(pi*x)*sin(4*pi*y)
