problem "Bessel's equation of order one"
coord x in [0, 3]
field y(x)
eq x^2*y_xx + x*y_x + (x^2 - 1)*y = 0
on x = 3: y = 1
