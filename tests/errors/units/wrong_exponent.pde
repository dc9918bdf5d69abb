coord x [m] in [0, 1]
field T(x) [K]
param k [W/(m*K)] = 45
param sigma [W/(m^2*K^4)] = 5.67e-8
param h [m] = 0.01
eq k*T_xx = 4*sigma*T^3/h
on x = 0, x = 1: T = 300[K]
