coord x, y in [0, 1]
field u(x)
field v(x, y)
eq u_xx = 1
eq v_xx + v_yy = u
on x = 0, x = 1: u = 0
on x = 0, x = 1, y = 0, y = 1: v = 0
exact u = x^2/2 - y
