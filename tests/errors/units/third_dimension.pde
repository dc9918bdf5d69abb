coord x [m] in [0, 0.1]
time  t [s] in [0, 200]
field T(x, t) [K]
param alpha [m^2/s] = 1.2e-5
param q [W/m^3] = 1000
eq heat: T_t = alpha*T_x + q
initial T = 300[K]
on x = 0: T = 300[K]
