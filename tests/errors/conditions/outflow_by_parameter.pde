# With c = -2 the concentration is carried to the left.
coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
param c = -2
eq u_t + c*u_x = 0
initial u = exp(-50*(x - 0.5)^2)
on x = 0: u = 0
