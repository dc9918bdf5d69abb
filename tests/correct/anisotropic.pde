# Heat in a crystal whose axes are turned: the mixed derivative is within what the others bear.
coord x, y in [0, 1]
time t in [0, 1]
field u(x, y, t)
eq u_t = u_xx + 1.5*u_xy + u_yy
initial u = sin(pi*x)*sin(pi*y)
on boundary: u = 0
