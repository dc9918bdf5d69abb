coord x in [0, 1]
field u(x)
eq d(u, x x) = 1
on boundary: u = 0
