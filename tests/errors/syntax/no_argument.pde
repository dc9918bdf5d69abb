coord x in [0, 1]
field u(x)
eq u_xx = sin()
on x = 0, x = 1: u = 0
