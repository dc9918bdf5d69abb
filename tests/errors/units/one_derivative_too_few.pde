coord x [m] in [0, 1]
time t [s] in [0, 1]
field u(x, t) [mm]
param c [m/s] = 340
eq u_tt = c^2*u_x
initial u = 1[mm]*sin(pi*x/1[m])
initial u_t = 0
on x = 0, x = 1: u = 0
