coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
eq u_t + u_x = 1/(1 - x)
initial u = x
on x = 0: u = 0
