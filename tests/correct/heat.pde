problem "Heat in a rod between cold ends"

coord x in [0, 1]
time  t in [0, 0.5]
field u(x, t)
param alpha = 0.05

eq heat: u_t = alpha*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0

exact u = exp(-alpha*pi^2*t)*sin(pi*x)
