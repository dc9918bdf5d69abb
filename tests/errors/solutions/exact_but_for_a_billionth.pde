coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq heat: u_t = u_xx
initial u = exp(x)
on x = 0: u = exp(t)
on x = 1: u = exp(1 + t)
exact u = exp(x + t) + 1e-9*t*x*(1 - x)
