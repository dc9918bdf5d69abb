coord x in [0, 1]
field u(x)
eq u_xx = u
on x = 0, x = 1: u = 0
manufactured u = u*sin(pi*x)
