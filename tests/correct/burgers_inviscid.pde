problem "Burgers equation without viscosity, before the shock"

coord x in [-1, 1]
time  t in [0, 0.2]
field u(x, t)

eq u_t + d(u^2/2, x) = 0
initial u = -sin(pi*x)
on x = -1, x = 1: u = 0
