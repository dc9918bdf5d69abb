coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
eq u_t = d(x*u_x, x)
initial u = 1 - x^2
on x = -1, x = 1: u = 0
