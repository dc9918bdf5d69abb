coord x in [0, 1]
field u(x)
minimize integral(u, x)
on x = 0, x = 1: u = 0
