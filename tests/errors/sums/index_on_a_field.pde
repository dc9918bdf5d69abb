coord x[10] in [-1, 1]
field u(x)
eq laplacian(u) - u[1] = 0
on boundary: u = 1
