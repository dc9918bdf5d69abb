coord x, y in [0, 1]
field u(x, y)
eq laplacian(u) = u_n
on boundary: u = 0
