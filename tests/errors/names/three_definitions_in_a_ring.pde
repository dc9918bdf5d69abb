coord x in [0, 1]
field u(x)
let a = b + 1
let b = c + 1
let c = a + 1
eq u_xx = a
on x = 0, x = 1: u = 0
