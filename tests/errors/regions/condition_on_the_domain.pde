coord x, y
domain Omega = disk((0, 0), radius = 1)
field p(x, y)
field q(x, y) in R^2
eq q = -grad(p)
eq div(q) = 0
on Omega: p = 0
