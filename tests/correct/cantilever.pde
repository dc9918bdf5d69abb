problem "A cantilever under its weight"

coord x in [0, 2]
field w(x)
param q = 3

eq w_xxxx = q
on x = 0: w = 0
on x = 0: w_x = 0
on x = 2: w_xx = 0
on x = 2: w_xxx = 0

exact w = q*x^2*(x^2 - 8*x + 24)/24
