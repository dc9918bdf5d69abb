problem "The second Legendre polynomial"
coord x in [-1, 1]
field u(x)
eq d((1 - x^2)*u_x, x) + 6*u = 0
on x = 1: u = 1
exact u = (3*x^2 - 1)/2
