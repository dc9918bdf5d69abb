coord x in [0, 1]
field u(x)
eq u_xx = u
on x = 0, x = 1: u = 0
manufactured u = sin(pi*x)
manufactured u = sin(2*pi*x)
