coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = 0
on boundary: u = 0
exact u(x, t) = 0
