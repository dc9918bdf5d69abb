coord x in [0, 1]
field u(x)
unknown E in (0, 20) = 9
eq u_xx = -E*u
on boundary: u = 0
constraint integral u^2 dx = 1
