coord x in [-1, 1]
time t in [0, 1]
field u(x, t)
eq u_t = 0.1*u_xx
initial u = heaviside(x)
on x = -1: u = 0
on x = 1: u = 1
exact u = heaviside(x)
