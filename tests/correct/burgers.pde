problem "Burgers equation"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
param nu = 0.01/pi

eq u_t + u*u_x = nu*u_xx
initial u = -sin(pi*x)
on x = -1, x = 1: u = 0
