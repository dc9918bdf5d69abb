coord x [mm] in [0, 100]
time t [s] in [0, 200]
field T(x, t) [K]
param rho [kg/m^3] = 7850
param c [J/(kg*K)] = 460
unknown k [W/(m*K)] in (1, 100) = 10
unknown field h(t) in (0, 100)
eq rho*c*T_t = k*T_xx
initial T = 300[K] - 20[K]*x/100[mm]
on x = 0: T = 300[K]
on x = 100: -T_n = (T - 280[K])/1[m]
observe T from "a.csv" (x, t, T) noise 0.1[K]
