coord x in [0, 1]
field u(x)
eq u_xx = -pi^2*u
on x = 0, x = 1: u = 0
constraint norm: integral(u^2, x) = 1
exact u = sin(pi*x)
