coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = cos(pi*x) + x^2
on x = 0, x = 1: u_n = 0
