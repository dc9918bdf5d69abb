problem "A guitar string, in the units of its maker"
coord x [mm] in [0, 650]
time  t [ms] in [0, 3]
field u(x, t) [mm]
param tension [N] = 70
param mass [g/m] = 0.4
let c = sqrt(tension/mass)
let L = 65[cm]
eq wave: u_tt = c^2*u_xx
initial u = 2[mm]*sin(pi*x/L)
initial u_t = 0
on x = 0, x = 650: u = 0
exact u = 2[mm]*sin(pi*x/L)*cos(pi*c*t/L)
