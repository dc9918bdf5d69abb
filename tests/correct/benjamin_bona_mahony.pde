problem "Benjamin-Bona-Mahony equation, with a mixed derivative"

coord x in [-10, 10]
time  t in [0, 1]
field u(x, t)

eq u_t + u_x + u*u_x - d(u_t, x, 2) = 0
initial u = exp(-x^2)
on x = -10, x = 10: u = 0
