coord x in [0, 1]
param k = 1
field u(x)
eq u_xx = k*u
on x = 0, x = 1: u = 0
manufactured k = 2
