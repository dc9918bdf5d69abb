problem "A string whose end is moved"

coord x in [0, 1]
time  t in [0, 2]
field u(x, t)

eq u_tt = u_xx
initial u = 0
initial u_t = 3*(1 - x)
on x = 0: u = sin(3*t)
on x = 1: u = 0
