coord x in [0, 1]
field u(x)
eq u_xx = u(x = 0)
on boundary: u = 0
