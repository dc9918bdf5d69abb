coord x in [0, 1]
time t in [0, 1]
field u(x, t)
param k = 6
eq k = 2*pi
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
