coord x in [0, 1]
field u(x)
eq d(u, 2*x) + d(u) = d(u, x, 2)
on x = 0, x = 1: u = 0
