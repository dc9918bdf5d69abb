problem "Transport with inflow"

coord x in [0, 2]
time  t in [0, 1]
field u(x, t)
param c = 1.5

eq u_t + c*u_x = 0
initial u = sin(x)
on x = 0: u = -sin(c*t)

exact u = sin(x - c*t)
