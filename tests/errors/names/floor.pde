coord x in [0, 1]
field u(x)
eq u_xx = floor(3*x)
on boundary: u = 0
