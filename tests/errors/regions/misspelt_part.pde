coord x, y
domain Omega = disk((0, 0), radius = 1)
boundary wall = rest
field p(x, y)
field q(x, y) in R^2
eq q = -grad(p)
eq div(q) = 0
on walls: p = 1
