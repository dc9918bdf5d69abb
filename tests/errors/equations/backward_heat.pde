coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
eq heat: u_t + 0.1*u_xx = 0
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
