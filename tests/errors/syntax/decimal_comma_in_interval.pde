coord x in [0, 2,5]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = 0
on x = 0, x = 2.5: u = 0
