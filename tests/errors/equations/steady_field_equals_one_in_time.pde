coord x in [0, 1]
time t in [0, 1]
field u(x, t)
field p(x)
eq u_t = u_xx
eq p_xx = u
initial u = sin(pi*x)
on boundary: u = 0
on x = 0, x = 1: p = 0
