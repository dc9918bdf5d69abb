problem "The factor vanishes in one corner alone"
coord x, y in [0, 1]
field u(x, y)
eq (x + y)*u_xx + u_yy = 1
on x = 1: u = 0
on y = 0, y = 1: u = 0
