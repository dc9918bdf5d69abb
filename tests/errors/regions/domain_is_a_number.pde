coord x
domain Omega = 1
field u(x)
eq u_xx = 0
on boundary: u = 0
