coord x [m] in [0, 1]
time t [s] in [0, 1]
field u(x, t) [K]
param D = 2
eq u_t = D*u_xx + D*u
initial u = 0
on x = 0, x = 1: u = 0
