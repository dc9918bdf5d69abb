problem "A plate as two equations of second order"

coord x, y in [0, 1]
field w(x, y)
field m(x, y)

eq bending: w_xx + w_yy = m
eq load: m_xx + m_yy = sin(pi*x)*sin(pi*y)
on x = 0, x = 1: w = 0
on y = 0, y = 1: w = 0
on x = 0, x = 1: m = 0
on y = 0, y = 1: m = 0
