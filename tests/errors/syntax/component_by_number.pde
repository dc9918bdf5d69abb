coord x in [0, 1]
time t in [0, 1]
field u(x, t) in R^2
eq u_t = u_xx + u*u.1
initial u = (0, 0)
periodic x
