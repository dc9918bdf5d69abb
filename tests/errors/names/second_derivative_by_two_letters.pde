coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = d(u, xx)
initial u = sin(pi*x)
on boundary: u = 0
