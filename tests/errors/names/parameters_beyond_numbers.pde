coord x in [0, 1]
field u(x)
param a = sqrt(-1)
param b = 1/0
param c = log(0)
eq u_xx = a + b + c
on x = 0, x = 1: u = 0
