problem "Everything that a condition can say"
coord x, y in [0, 1]
field u(x, y)
param h = 2
eq laplacian(u) = 0
on x = 0: u = 0
on x = 1: u_n + h*(u - y^2) = 0
on y = 0: u_n = 0
on y = 1: n·grad(u) = x
