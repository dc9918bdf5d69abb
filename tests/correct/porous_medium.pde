problem "Porous medium equation: whether it is real cannot be known before"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)

eq u_t = d(sqrt(u)*u_x, x)
initial u = 2 + cos(pi*x)
periodic x
