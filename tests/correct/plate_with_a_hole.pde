problem "Water through a plate with a hole"
coord x, y
let plate = rectangle((0, 0), (2, 1))
let hole = disk((1, 0.5), radius = 0.1)
domain Omega = plate \ hole
boundary inlet = plate.left
boundary outlet = plate.right
boundary tip = hole where y > 0.5
boundary walls = rest
field p(x, y)
field q(x, y) in R^2
eq darcy: q = -grad(p)
eq mass: div(q) = 0
on inlet: p = 1
on outlet: p = 0
on tip: p_n = 0
on walls: dot(q, n) = 0
