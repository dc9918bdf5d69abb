problem "Sound, with a pressure whose equation lacks a speed"
coord x [m] in [0, 1]
time t [s] in [0, 1]
field u(x, t) [m/s]
field p(x, t) [Pa]
param rho [kg/m^3] = 1000
param c [m/s] = 1
eq rho*u_t + p_x = 0
eq p_t + rho*c*u_x = 0
initial u = 0
initial p = 0
on x = 0, x = 1: u = 0
