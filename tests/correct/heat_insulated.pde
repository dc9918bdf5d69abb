problem "Heat between insulated ends: the initial value fixes the constant"

coord x in [0, 1]
time  t in [0, 1]
field u(x, t)

eq u_t = u_xx
initial u = 1 + cos(pi*x)
on x = 0, x = 1: u_x = 0

exact u = 1 + exp(-pi^2*t)*cos(pi*x)
