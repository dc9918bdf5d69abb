coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
let k = sqrt(x)
eq u_t = d(k*u_x, x)
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
