coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = log(x)
on x = -1, x = 1: u = 0
