coord x[4] in [0, 1]
field u(x)
eq sum(i=1..4, d(u, x[i], 2)) = 1
on boundary: u = 0
