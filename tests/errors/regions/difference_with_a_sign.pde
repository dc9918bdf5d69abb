coord x, y
domain Omega = rectangle((0, 0), (2, 1)) - disk((1, 0.5), radius = 0.1)
field p(x, y)
field q(x, y) in R^2
eq q = -grad(p)
eq div(q) = 0
on boundary: p = 0
