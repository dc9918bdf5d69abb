param L over [1, 2]
coord x in [0, L]
field u(x)
eq u_xx = u
on boundary: u = 1
