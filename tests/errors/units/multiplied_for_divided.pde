coord x [m] in [0, 1]
field phi(x) [V]
param rho [C/m^3] = 1e-9
param eps0 [F/m] = 8.854e-12
eq poisson: phi_xx = -rho*eps0
on x = 0, x = 1: phi = 0
