coord x in [0, 1]
time t in [0, 1]
field u(x, t)
param r = 5
eq u_t = r(1 - u)
initial u = sin(pi*x)
