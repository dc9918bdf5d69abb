coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_tt = u_xx
initial u = sin(pi*x)
initial u_t = 0
on x = 0: u = 0
on x = 1: u_t + u_x = 0
