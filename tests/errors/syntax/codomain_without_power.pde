coord x in [0, 1]
time t in [0, 1]
field u(x, t) in R2
eq u_t = u_xx
initial u = (0, 0)
periodic x
