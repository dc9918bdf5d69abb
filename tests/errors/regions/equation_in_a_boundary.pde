coord x, y
let plate = rectangle((0, 0), (2, 1))
domain Omega = plate
boundary inlet = plate.left
field p(x, y)
field q(x, y) in R^2
eq q = -grad(p)
eq div(q) = 0 in inlet
on boundary: p = 0
on inlet: p = 1
