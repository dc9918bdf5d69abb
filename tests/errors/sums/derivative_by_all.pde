coord x[10] in [-1, 1]
field u(x)
eq d(u, x) = 0
on boundary: u = 1
