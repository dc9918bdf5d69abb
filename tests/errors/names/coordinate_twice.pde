coord x in [0, 1]
coord x in [0, 2]
field u(x)
eq u_xx = 1
on x = 0, x = 1: u = 0
