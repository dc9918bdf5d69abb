coord x in [0, 1]
coord t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
