coord x in [0, 1]
field u(x)
param a over [1, 2] = 1.5
eq u_xx = a
on boundary: u = 0
