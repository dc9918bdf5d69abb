coord x, y in [0, 1]
field u(x, y)
minimize integral(u - |grad(u)|^2/2, x, y)
on boundary: u = 0
