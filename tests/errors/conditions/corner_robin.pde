problem "A hot rod in a cold room, which begins with the temperature of the room"
coord x [mm] in [0, 10]
time t [s] in [0, 60]
field T(x, t) [K]
param D = 1[mm^2/s]
param k = 400[W/(m*K)]
param h = 20000[W/(m^2*K)]
eq T_t = D*T_xx
initial T = 300[K] + 20[K]*cos(2*pi*x/10[mm])
on x = 0[mm]: T_n = 0
on x = 10[mm]: -k*T_n = h*(T - 300[K])
