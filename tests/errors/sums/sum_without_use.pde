coord x[10] in [-1, 1]
field u(x)
eq laplacian(u) - sum(i, u^2) = 0
on boundary: u = 1
