problem "Darcy flow through a square, closed at three sides"
coord x, y in [0, 1]
field q(x, y) in R^2
field p(x, y)
eq darcy: q = -grad(p)
eq mass:  div(q) = 1
on x = 0: p = 0
on y = 0, y = 1: q.y = 0
