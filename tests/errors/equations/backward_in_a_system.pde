# The activator diffuses with the wrong sign.
coord x in [0, 1]
time  t in [0, 1]
field a(x, t)
field h(x, t)
eq a_t = -0.01*a_xx + a - h
eq h_t = 0.1*h_xx + a - h
initial a = sin(pi*x)
initial h = 0
on x = 0, x = 1: a = 0
on x = 0, x = 1: h = 0
