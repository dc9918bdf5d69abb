coord x, y in [0, 1]
field u(x, y)
eq laplacian(u) = dot(n, grad(u))
on boundary: u = 0
