coord x, y in [0, 1]
field u(x, y)
eq laplacian(u) = 1/sqrt((x - 0.33)^2 + (y - 0.44)^2)
on boundary: u = 0
