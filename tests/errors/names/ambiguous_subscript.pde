coord x, y, xy in [0, 1]
field u(x, y, xy)
eq u_xy = 0
on x = 0, y = 0: u = 0
