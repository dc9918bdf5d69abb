coord x in [0, 1]
time t in [0, 1]
field u(x, t)
heat: u_t = u_xx
initial u = 0
on x = 0, x = 1: u = 0
