coord x in [0, 1]
field u(x)
eq u_xx = -2
on x = 0: u = 0
on x = 1: u_x = 0
exact u = x*(1 - x)
