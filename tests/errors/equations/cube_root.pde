coord x in [-1, 1]
field u(x)
eq u_xx + x^(1/3)*u = 0
on x = -1, x = 1: u = 1
