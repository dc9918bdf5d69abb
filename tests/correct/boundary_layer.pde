problem "Convection and diffusion with a thin layer"

coord x in [0, 1]
field u(x)
param eps = 0.01

eq -eps*u_xx + u_x = 1
on x = 0, x = 1: u = 0

exact u = x - (exp((x - 1)/eps) - exp(-1/eps))/(1 - exp(-1/eps))
