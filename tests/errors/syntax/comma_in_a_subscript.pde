coord x, y in [0, 1]
field u(x, y)
eq u_{x,x} + u_yy = 1
on boundary: u = 0
