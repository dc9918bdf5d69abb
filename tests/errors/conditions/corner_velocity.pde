coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
eq u_tt = u_xx
initial u = 0
initial u_t = 0
on x = 0: u = sin(5*t)
on x = 1: u = 0
