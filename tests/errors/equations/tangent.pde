coord x in [0, 2]
field u(x)
eq u_xx + tan(x)*u_x = 0
on x = 0: u = 0
on x = 2: u = 1
