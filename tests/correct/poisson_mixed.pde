problem "Poisson equation with flux given on three sides"

coord x in [0, 2]
coord y in [0, 1]
field u(x, y)

eq -u_xx - u_yy = 1
on x = 0: u = 0
on x = 2: u_x = 0
on y = 0, y = 1: u_y = 0

exact u = 2*x - x^2/2
