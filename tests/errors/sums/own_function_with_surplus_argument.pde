coord x in [0, 1]
time t in [0, 1]
field u(x, t)
let source(s) = exp(-s^2)
eq u_t = u_xx + source(x, t)
initial u = 0
on x = 0, x = 1: u = 0
