coord x, y in [0, 1]
field u(x, y)
eq laplace: d(u_x, y) - d(u_y, x) = 0
on x = 0, x = 1: u = 0
on y = 0, y = 1: u = 0
