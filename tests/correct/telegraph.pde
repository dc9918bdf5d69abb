problem "The telegraph equation"

coord x in [0, 1]
time  t in [0, 1]
field V(x, t)
param R = 1
param G = 0.5

eq V_tt + (R + G)*V_t + R*G*V = V_xx
initial V = exp(-50*(x - 0.5)^2)
initial V_t = 0
on x = 0, x = 1: V = 0
