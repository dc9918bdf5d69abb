coord x[10] in [-1, 1]
field u(x)
eq laplacian(u) - x[0]*u = 0
on boundary: u = 1
