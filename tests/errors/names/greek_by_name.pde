coord x in [0, 1]
time t in [0, 1]
field u(x, t)
param alpha = 0.1
eq u_t = α*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
