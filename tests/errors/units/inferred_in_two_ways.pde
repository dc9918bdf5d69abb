coord x [m] in [0, 1]
field u(x) [m]
param k = 3
eq u_xx = -k*u
on x = 0: u = 0
on x = 1: u_x = k*u
