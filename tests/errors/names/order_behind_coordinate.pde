coord x in [0, 1]
field u(x)
eq d(u, x2) = 1
on boundary: u = 0
