coord x, y in [0, 1]
field v(x, y) in R^2
eq laplacian(v) = if(x < 0.5, 1, (1, 2))
on boundary: v = 0
