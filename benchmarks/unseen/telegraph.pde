# A damped wave on a long line.

problem "Telegraph equation"

coord x in [0, 5]
time  t in [0, 6]
field u(x, t)
param a = 0.25
param c = 1.5
let k = 3*pi/5
let omega = sqrt(c^2*k^2 - a^2)

eq telegraph: u_tt + 2*a*u_t = c^2*u_xx
initial u = sin(k*x)
initial u_t = 0
on x = 0, x = 5: u = 0

exact u = exp(-a*t)*(cos(omega*t) + a/omega*sin(omega*t))*sin(k*x)
