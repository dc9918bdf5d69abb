# u is carried to the right: it flows in at x = 0 and out at x = 1.
coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
eq u_t + u_x = 0
initial u = exp(-50*(x - 0.5)^2)
on x = 1: u = 0
