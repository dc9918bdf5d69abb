coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
param dx = 0
param nu = 1/dx
eq u_t = nu*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
