problem "A soap film on a tilted frame, and its weight"
coord x, y in [0, 1]
field u(x, y)
param rho = 0.1
minimize film: integral(sqrt(1 + |grad(u)|^2) + rho*u, x, y)
on x = 0, x = 1: u = x
on y = 0: u = x
