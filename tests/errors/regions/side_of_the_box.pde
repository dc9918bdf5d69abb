coord x, y in [0, 1]
field u(x, y)
boundary hot = box.left
boundary walls = rest
eq laplacian(u) = 0
on hot: u = 1
on walls: u = 0
