# A conductivity that varies by a factor of three, and a source.

problem "Heat in an uneven rod"

coord x in [0, 1]
time  t in [0, 2]
field u(x, t)

eq heat: u_t = d((1 + 2*x^2)*u_x, x)
initial u = 0
on x = 0: u = 0
on x = 1: u_n = 0
manufactured u = exp(-t)*sin(3*pi*x/2) + x*cos(3*t)
