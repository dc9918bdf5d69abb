# Two substances that feed on each other, with given time courses.

problem "A pair of reacting substances"

coord x in [-1, 1]
time  t in [0, 5]
field u(x, t)
field v(x, t)
param F = 0.04
param k = 0.06

eq food: u_t = 1e-2*u_xx - u*v^2 + F*(1 - u)
eq eater: v_t = 5e-3*v_xx + u*v^2 - (F + k)*v
initial u = 0
initial v = 0
periodic x
manufactured u = 1 - exp(-t/4)*(1 + cos(pi*x))/4
manufactured v = (1 + sin(t))*(2 + cos(pi*x))/8
