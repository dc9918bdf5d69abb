coord x in [0, 1]
field u(x)
eq u_xx = dot((1, x), (x, 1))
on x = 0, x = 1: u = 0
on walls, x = 1: u = 0
