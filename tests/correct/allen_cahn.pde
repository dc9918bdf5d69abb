problem "Allen-Cahn equation"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)

eq u_t = 1e-4*u_xx - 5*u^3 + 5*u
initial u = x^2*cos(pi*x)
periodic x
