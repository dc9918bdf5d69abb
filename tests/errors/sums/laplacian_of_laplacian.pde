coord x[300] in [0, 1]
field u(x)
eq laplacian(laplacian(u)) = 1
on boundary: u = 0
on boundary: u_n = 0
