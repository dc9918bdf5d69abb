coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx + (1 if x < 0.5 else 0)
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
