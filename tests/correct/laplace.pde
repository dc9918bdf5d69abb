problem "Laplace equation in a square"

coord x, y in [0, 1]
field u(x, y)

eq u_xx + u_yy = 0
on x = 0, x = 1: u = 0
on y = 0: u = 0
on y = 1: u = sin(pi*x)

exact u = sin(pi*x)*sinh(pi*y)/sinh(pi)
