coord x[10] in [-1, 1]
field u(x)
eq sum(i, d(u, x, 2)) = 0
on boundary: u = 1
