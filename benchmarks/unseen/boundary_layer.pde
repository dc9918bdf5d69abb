# A layer of width 0.02 at the outflow.

problem "Advection against diffusion"

coord x in [0, 1]
field u(x)
param epsilon = 0.02

eq balance: u_x = epsilon*u_xx
on x = 0: u = 0
on x = 1: u = 1

exact u = (exp((x - 1)/epsilon) - exp(-1/epsilon))/(1 - exp(-1/epsilon))
