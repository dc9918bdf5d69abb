problem "A plucked string"

coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
param c = 2

eq wave: u_tt = c^2*u_xx
initial u = sin(pi*x)
initial u_t = 0
on x = 0, x = 1: u = 0

exact u = sin(pi*x)*cos(c*pi*t)
