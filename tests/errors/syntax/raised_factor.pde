coord x in [0, 1]
field u(x)
param k = 2
eq u_xx + k²u = 1
on x = 0, x = 1: u = 0
