coord x, y in [0, 2]
time  t in [0, 1]
field T(x, y, t)
eq T_t = T_xx + T_yy
initial T = 20*x*(2 - x)
on x = 0, x = 2: T = 0
on y = 0: T = 0
on y = 2: T = 20*x*(2 - x)
