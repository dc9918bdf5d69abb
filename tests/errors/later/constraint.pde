coord x in [0, 1]
time t in [0, 1]
field u(x, t)
unknown k = 1
eq u_t = u_xx + k
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
constraint integral(u, x) = exp(-t)
