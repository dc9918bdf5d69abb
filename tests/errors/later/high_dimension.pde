coord x[100] in [-1, 1]
field u(x)
eq sum(i, d(u, x[i], 2)) = 0
