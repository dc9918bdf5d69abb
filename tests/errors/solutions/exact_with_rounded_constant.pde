coord x in [0, 1]
time t in [0, 0.2]
field u(x, t)
eq u_t = u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
exact u = exp(-9.8696*t)*sin(pi*x)
