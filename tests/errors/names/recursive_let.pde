coord x in [0, 1]
time t in [0, 1]
field u(x, t)
let a = 2*b
let b = a + 1
let c = c
eq u_t = a*u_xx + c
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
