coord x, y in [0, 1]
field u(x, y)
eq laplacian(u) = 0
on x = 0: u = 0
on x = 0: u_x = 1
on y = 0, y = 1: u = 0
