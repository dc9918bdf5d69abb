coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = sin(pi*x)
u(0, t) = 0
on x = 1: u = 0
