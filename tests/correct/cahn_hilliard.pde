problem "Cahn-Hilliard equation with its chemical potential"

coord x in [-1, 1]
time  t in [0, 1]
field c(x, t)
field mu(x, t)
param eps = 0.05

eq mass: c_t = mu_xx
eq potential: mu = c^3 - c - eps^2*c_xx
initial c = cos(pi*x)
on x = -1, x = 1: c_x = 0
on x = -1, x = 1: mu_x = 0
