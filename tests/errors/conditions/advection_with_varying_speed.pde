coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t + (1 + x)*u_x = 0
initial u = sin(pi*x)
