coord x, y in [0, 1]
field p(x, y)
eq laplacian(p) = 1
on boundary: p_n = 0.25
constraint p = 0
