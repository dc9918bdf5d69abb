coord x, y in [-1, 1]
field u(x, y)
eq -u_xx - u_yy = 1
on x = -1, x = 1: u = 0
