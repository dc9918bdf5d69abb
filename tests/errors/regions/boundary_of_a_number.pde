coord x, y
let plate = rectangle((0, 0), (2, 1))
domain Omega = plate \ disk((1, 0.5), radius = 0.1)
boundary inlet = 0
boundary walls = rest
field p(x, y)
field q(x, y) in R^2
eq q = -grad(p)
eq div(q) = 0
on inlet: p = 1
on walls: q·n = 0
