coord x, y
let plate = rectangle((0, 0), (2, 1))
domain Omega = plate \ disk((1, 0.5), radius = 0.1)
field u(x, y)
eq u_xx + u_yy = 0
on walls: u = 0
