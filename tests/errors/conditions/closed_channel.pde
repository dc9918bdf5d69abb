problem "A channel whose outlet is closed"
coord x in [0, 2]
coord y in [0, 1]
field v(x, y) in R^2
field p(x, y)
param nu = 0.1
eq momentum: (v·∇)v = -∇p + nu*∇²v
eq mass: ∇·v = 0
on y = 0, y = 1: v = (0, 0)
on x = 0: v = (4*y*(1 - y), 0)
on x = 2: v = (0, 0)
constraint integral(p, x, y) = 0
