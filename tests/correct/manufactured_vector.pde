problem "A flow that is chosen"
coord x, y in [0, 1]
field v(x, y) in R^2
field p(x, y)
eq momentum: (v·∇)v + grad(p) = laplacian(v)
eq continuity: div(v) = 0
on boundary: v = 0
constraint integral(p, x, y) = 0
manufactured v = (sin(pi*x)*cos(pi*y), -cos(pi*x)*sin(pi*y))
manufactured p = cos(pi*x)
