coord x in [0, 1]
field u(x)
minimize integral(u_x^2/2 - u, dx)
on boundary: u = 0
