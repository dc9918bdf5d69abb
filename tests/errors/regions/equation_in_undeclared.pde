coord x, y
domain Omega = rectangle((0, 0), (2, 1))
field p(x, y)
field q(x, y) in R^2
eq q = -grad(p)
eq div(q) = 0 in solid
on boundary: p = 0
