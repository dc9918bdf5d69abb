coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t + 2*u_x = 0
initial u = 0
on boundary: u = 0
