coord x [m] in [0, 1]
field u(x) [K]
param L [m] = 2
eq L*u_x + L*u = 0
on x = 0: u = 1[K]
