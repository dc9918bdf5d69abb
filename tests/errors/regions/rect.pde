coord x, y
field u(x, y)
domain O = rect((0, 0), (2, 1))
eq laplacian(u) = 1
on boundary: u = 0
