coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
param nu = 0.1
param scale = 0
eq u_t = nu*u_xx/scale
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
