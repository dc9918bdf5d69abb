coord x in [0, 1]
field u(x)
let a = d(u, x, 8)
let b = d(a, x, 8)
eq u_xx = b_x
on x = 0, x = 1: u = 0
