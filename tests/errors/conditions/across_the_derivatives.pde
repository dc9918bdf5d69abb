coord x, y in [0, 1]
field u(x, y)
eq u_xx = 0
on x = 0: u = 0
on x = 1: u = y
on y = 0: u = 5
