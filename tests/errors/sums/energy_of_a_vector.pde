coord x, y in [0, 1]
field u(x, y)
minimize integral(grad(u), x, y)
on boundary: u = 0
