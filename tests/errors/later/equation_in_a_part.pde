coord x, y in [0, 1]
let soil = rectangle((0, 0), (1, 0.5))
field u(x, y)
eq laplacian(u) = 1 in soil
on boundary: u = 0
