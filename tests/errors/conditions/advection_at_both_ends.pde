coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
eq u_t + 2*u_x = 0
initial u = sin(pi*x)
on x = 0: u = sin(-2*pi*t)
on x = 1: u = 0
