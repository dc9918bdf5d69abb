coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
let c = sqrt(0.5 - x^2)
eq u_t + c*u_x = 0
initial u = 0
on x = -1: u = 0
