problem "A rod that loses heat to the air at one end"

coord x in [0, 1]
time  t in [0, 1]
field T(x, t)
param h = 2
param T_air = 20

eq T_t = T_xx
initial T = T_air + 80*(1 - h/(2 + h)*x^2)
on x = 0: T_x = 0
on x = 1: T_x = -h*(T - T_air)
