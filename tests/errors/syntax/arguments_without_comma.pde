coord x in [0, 1]
field u(x)
eq u_xx = max(1 x)
on boundary: u = 0
