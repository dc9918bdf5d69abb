coord x [m] in [0, 0.1]
time  t [s] in [0, 200]
field T(x, t) [K]
param alpha [m^2/s] = 1.2e-5
eq heat: T_t = alpha*T_xx
initial T = 300 + 10*sin(pi*x/0.1[m]) - sin(2*pi*x/0.1[m])
on x = 0, x = 0.1: T = 300[K]
