coord x, y
let plate = rectangle((0, 0), (2, 1))
let hole = disk((1, 0.5), radius = 0.2)
domain Omega = plate \ hole
boundary inlet = plate.left
boundary walls = rest
field u(x, y)
eq -laplacian(u) = 1
on inlet: u = y*(1 - y)
on walls: u_n = 0
