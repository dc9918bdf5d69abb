coord x, y in [0, 1]
field u(x, y)
let a = d(u, x, 9)
eq u_xx + u_yy = d(a, y, 9)
on boundary: u = 0
