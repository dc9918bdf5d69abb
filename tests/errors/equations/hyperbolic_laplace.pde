coord x, y in [0, 1]
field u(x, y)
eq laplace: u_xx - u_yy = 0
on x = 0, x = 1: u = 0
on y = 0: u = 0
on y = 1: u = sin(pi*x)
