coord x in [0, 1]
field u(x)
param a over [1, 2]
eq u_xx = u_a
on x = 0: u = 0
on x = 1: u = a
