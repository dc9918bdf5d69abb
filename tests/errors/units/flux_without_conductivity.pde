coord x [m] in [0, 0.2]
field T(x) [K]
param k [W/(m*K)] = 45
param source [W/m^3] = 1e4
param q [W/m^2] = 500
eq k*T_xx = -source
on x = 0: T = 300[K]
on x = 0.2: T_x = -q
