# Waves in two dimensions.

problem "A membrane that vibrates"

coord x in [0, 2]
coord y in [0, 1]
time  t in [0, 1]
field u(x, y, t)
param c = 1.3
let omega = c*pi*sqrt(13)/2

eq wave: u_tt = c^2*∇²u
initial u = sin(3*pi*x/2)*sin(pi*y)
initial u_t = 0
on boundary: u = 0

exact u = sin(3*pi*x/2)*sin(pi*y)*cos(omega*t)
