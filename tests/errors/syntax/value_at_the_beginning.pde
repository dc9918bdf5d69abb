coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_tt = u_xx
initial u = sin(pi*x)
u_t(x, 0) = 0
on x = 0, x = 1: u = 0
