coord x in [-1, 1]
field u(x)
eq u_xx = sin(x)/x
on x = -1, x = 1: u = 0
