problem "A clamped plate under pressure"

coord x, y in [0, 1]
field w(x, y)

let laplace = w_xx + w_yy

eq laplace_xx + laplace_yy = 1
on x = 0, x = 1: w = 0
on x = 0, x = 1: w_x = 0
on y = 0, y = 1: w = 0
on y = 0, y = 1: w_y = 0
