coord x [mm] in [0, 100]
time  t [s] in [0, 200]
field T(x, t) [K]
param alpha [m^2/s] = 1.2e-5
eq heat: T_t = alpha*T_xx
initial T = 300[K] + 100[K]*sin(pi*x)
on x = 0, x = 100: T = 300[K]
