coord x[10] in [-1, 1]
field u(x)
eq sum(d(u, x[i], 2)) = 0
on boundary: u = 1
