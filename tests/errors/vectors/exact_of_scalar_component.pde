coord x in [0, 1]
field u(x)
eq u_xx = 0
on x = 0: u = 0
on x = 1: u = 1
exact u.x = x
