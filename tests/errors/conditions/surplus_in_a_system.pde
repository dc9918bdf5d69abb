# Temperature drives the concentration, and has value and flux at x = 1.
coord x in [0, 1]
time  t in [0, 1]
field T(x, t)
field c(x, t)
eq T_t = T_xx
eq c_t = c_xx + T
initial T = sin(pi*x)
initial c = sin(pi*x)
on x = 0, x = 1: T = 0
on x = 1: T_x = -1
on x = 0, x = 1: c = 0
