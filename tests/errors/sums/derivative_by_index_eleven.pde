coord x[10] in [-1, 1]
field u(x)
eq laplacian(u) - d(u, x[11]) = 0
on boundary: u = 1
