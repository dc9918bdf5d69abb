coord x, y in [0, 1]
field p(x, y)
eq laplacian(p) = cos(pi*x)
on boundary: p_n = 0
constraint integral(p, x, y) = 0
