coord x in [0, 1]
time t in [0, 1]
feild u(x, t)
param alpha = 0.05
eq u_t = alhpa*u_xx
initial u = sin(pi*x)
on boundary: u = 0
