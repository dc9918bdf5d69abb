coord x in [0, 1]
time t in [0, 1]
field u(x, t)
let hot(s) = s
eq u_t = u_xx + hot(x < 0.5)
initial u = 0
on x = 0, x = 1: u = 0
