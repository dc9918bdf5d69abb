coord x in [0, 1]
field u(x)
eq u_xx = 0
on x = 0, x = 1: u = 0
exact u = min(x, 1 - x)
