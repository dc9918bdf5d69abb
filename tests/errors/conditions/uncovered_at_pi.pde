coord x in [0, 2*pi]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = 0
on x = 0: u = 0
