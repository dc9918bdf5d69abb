coord x in [0, 1]
param eps = 0.001
field u(x)
eq eps*u_xx = u_x
on x = 0: u = 0
on x = 1: u = 1
exact u = (exp(x/eps) - 1)/(exp(1/eps) - 1)
