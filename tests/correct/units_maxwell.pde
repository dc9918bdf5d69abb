problem "A wave between two mirrors"
coord x [um] in [0, 1]
time  t [fs] in [0, 5]
field E(x, t) [V/m]
field B(x, t) [uT]
param eps0 [F/m] = 8.8541878128e-12
param mu0 [H/m] = 1.25663706212e-6
let c = 1/sqrt(eps0*mu0)
let k = pi/1[um]
let A = 100[V/m]
eq faraday: B_t = -E_x
eq ampere: mu0*eps0*E_t = -B_x
initial E = A*sin(k*x)
initial B = 0
on x = 0, x = 1: E = 0
exact E = A*sin(k*x)*cos(k*c*t)
exact B = -A/c*cos(k*x)*sin(k*c*t)
