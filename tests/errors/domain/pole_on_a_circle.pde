coord x, y in [0, 1]
field u(x, y)
eq laplacian(u) = 1/(x^2 + y^2 - 0.4)
on boundary: u = 0
