coord x in [0, 1]
field u(x)
eq u_xx = 2
on x = 0: u = 0
on x = 1: u = 3*integral(u, x)
exact u = x^2 + 7*x
