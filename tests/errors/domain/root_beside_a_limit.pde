coord x in [0, 1]
field u(x)
eq u_xx = sin(x)/x + sqrt(x - 0.1)
on boundary: u = 0
