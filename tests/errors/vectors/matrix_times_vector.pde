coord x, y in [0, 1]
field v(x, y) in R^2
eq laplacian(v) = 0
on y = 0, y = 1: v = (0, 0)
on x = 0, x = 1: grad(v)*n = 0
