coord x in [0, 1]
time t in [0, 1]
field u(x, t)
param g = 9.81[N m]
eq u_t = g*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
