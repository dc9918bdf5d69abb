coord x, y in [0, 1]
field v(x, y) in R^2
eq laplacian(v) = [x, y]
on boundary: v = 0
