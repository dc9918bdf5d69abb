# A shadow price, known at the end.
coord x in [0, 1]
time t in [0, 1]
field p(x, t)
eq p_t + p_xx = 0
at t = 1: p = sin(pi*x)
on x = 0, x = 1: p = 0
