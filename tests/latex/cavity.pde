problem "Lid-driven cavity"
coord x, y in [0, 1]
field v(x, y) in R^2
field p(x, y)
param Re = 100
eq momentum: (v·∇)v = -∇p + ∇²v/Re
eq mass: ∇·v = 0
on y = 1: v = (if(x < 0.1, 10*x, if(x > 0.9, 10*(1 - x), 1)), 0)
on y = 0, x = 0, x = 1: v = (0, 0)
constraint integral(p, x, y) = 0
