coord x[i=1..5] in [0, 1]
field u(x)
eq laplacian(u) = 1
on boundary: u = 0
