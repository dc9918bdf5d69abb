problem "Shapes in space"
coord x, y, z
let block = box((0, 0, 0), (2, 2, 2)) \ ball((1, 1, 1), radius = 0.5)
let tower = cylinder((1, 1, 2), radius = 0.5, height = 1) union cone((1, 1, 3), radius = 0.5, height = 1)
domain Omega = block union tower union torus((1, 1, 1), major = 0.5, minor = 0.1)
boundary ground = block.front
boundary air = rest
field p(x, y, z)
field q(x, y, z) in R^3
eq q = -grad(p)
eq div(q) = 0
on ground: p = 1
on air: q·n = p
