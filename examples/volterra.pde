# An integral equation of the second kind, u(x) = 1 + ∫ u from 0 to x: its integral is a field of its own.
#
#   pdec train examples/volterra.pde
#
# Look for: u = exp(x). The language has no limits of integration; w is the integral up to x, and u = 1 + w needs no condition.
problem "Volterra's integral equation"

coord x in [0, 2]
field u(x)
field w(x)

eq volterra: u = 1 + w
eq integral: w_x = u
on x = 0: w = 0

exact u = exp(x)
exact w = exp(x) - 1
