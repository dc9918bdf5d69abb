# Legendre's equation on its whole interval: at both ends the coefficient of the second derivative vanishes.
#
#   pdec train examples/legendre.pde
#
# Look for: the polynomial P4; all other solutions are infinite at an end.
problem "Legendre's equation"

coord x in [-1, 1]
field y(x)

eq (1 - x^2)*y_xx - 2*x*y_x + 20*y = 0
on x = -1, x = 1: y = 1

exact y = (35*x^4 - 30*x^2 + 3)/8
