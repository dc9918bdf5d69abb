coord x in [0, 1]
field u(x)
field w(x)
eq u_xx = w
eq w_xx = u
on x = 0, x = 1: u = 0
on x = 0, x = 1: w = 0
manufactured u = sin(pi*x)
