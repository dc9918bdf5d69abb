coord x, y in [0, 1]
field v(x, y) in R^2
eq laplacian(v) = (v_x, 0)
on boundary: v = (0, 0)
