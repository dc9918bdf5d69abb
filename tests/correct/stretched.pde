problem "A flow that begins where it stands still, and leaves at the other end"
coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t + x*u_x = 0
initial u = sin(pi*x)
