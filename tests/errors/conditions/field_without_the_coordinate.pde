coord x in [0, 1]
coord y in [0, 1]
field u(x)
eq u_xx = 1
on boundary: u = 0
