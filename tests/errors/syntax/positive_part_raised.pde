coord x in [0, 1]
time t in [0, 1]
field u(x, t)
param k = 2
eq u_t = u_xx - k*(x - 0.5)^+ * (1 - x)
initial u = 0
on boundary: u = 0
