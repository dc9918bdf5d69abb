coord x [mm] in [0, 10]
field T(x) [K]
param T0 [K] = 300
eq T_xx = 0*T0/1[mm^2]
on x = 0: T = T0
on x = 10[mm]: T = if(x < 5, T0, 2*T0)
