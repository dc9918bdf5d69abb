coord x in [0, pi]
time  t in [0, 1]
field u(x, t)
eq u_t = u_xx
initial u = cos(x)
periodic x
