coord x in [0, 1]
field u(x)
eq u_xx = asin(x)
on boundary: u = 0
