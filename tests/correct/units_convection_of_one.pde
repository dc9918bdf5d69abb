coord x [m] in [0, 10]
field T(x) [K]
param h [W/(m^2*K)] = 1
param k [W/(m*K)] = 1
eq k*T_xx = 0
on x = 0: 1[m]*T_n + T = 300[K]
on x = 10: -k*T_n = h*(T - 300[K])
