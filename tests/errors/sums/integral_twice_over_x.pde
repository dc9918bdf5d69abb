coord x, y in [0, 1]
field p(x, y)
eq laplacian(p) = 1
on boundary: p_n = 0
constraint integral(p, x, x) = 0
