coord x, y in [0, 1]
vector v(x, y)
eq laplacian(v) = (1, 0)
on boundary: v = (0, 0)
