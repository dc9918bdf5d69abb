coord x in [0, 2*i]
field u(x)
eq u_xx = 0
on boundary: u = 0
