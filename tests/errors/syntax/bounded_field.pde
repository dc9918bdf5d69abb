coord x in [0, 1]
field u(x) >= 0
eq u_xx = 1
on x = 0, x = 1: u = 0
