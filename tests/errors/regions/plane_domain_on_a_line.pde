coord x
domain Omega = rectangle((0, 0), (1, 1))
field u(x)
eq u_xx = 0
on boundary: u = 0
