coord x[10] in [-1, 1]
field u(x)
eq u_xx = 0
on boundary: u = 1
