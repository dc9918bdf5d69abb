coord x, y in [-1, 1]
time t in [0, 1]
field u(x, y, t)
eq u_t = u_xx + 2.5*x*u_xy + u_yy
initial u = 0
on boundary: u = 0
