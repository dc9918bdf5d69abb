coord x in [0, 1]
field u(x)
eq u_xx = -pi^2*u
on x = 0, x = 1: u = 0
manufactured u = sin(pi*x)
exact u = sin(pi*x)
