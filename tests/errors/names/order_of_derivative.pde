coord x in [0, 1]
field u(x)
eq d(u, x, 2.5) = u_xxxxxxxxxxxxxxxxx
on x = 0, x = 1: u = 0
