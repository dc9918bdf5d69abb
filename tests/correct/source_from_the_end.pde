# What is measured at the end determines the source.
coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
unknown field f(x) in (0, 100)
eq u_t = u_xx + f
initial u = 0
on x = 0, x = 1: u = 0
at t = 1: u = sin(pi*x)
