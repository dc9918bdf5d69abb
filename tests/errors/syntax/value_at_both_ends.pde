coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t + u_x = 0
initial u = sin(2*pi*x)
u(0, t) = u(1, t)
