problem "A film that smooths itself in every direction"

coord x, y in [0, 1]
time  t in [0, 1]
field u(x, y, t)

eq u_t = -(u_xxxx - u_xxyy + u_yyyy) - 0.01*u_xx
initial u = cos(2*pi*x)*sin(2*pi*y)
periodic x, y
