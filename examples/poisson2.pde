# Poisson equation in a square: the smallest steady problem.
#
# Look for: one smooth hump, zero on all four sides by construction.

problem "Poisson equation in a square"

coord x, y in [0, 1]
field u(x, y)

eq poisson: -∇²u = 2*pi^2*sin(pi*x)*sin(pi*y)
on boundary: u = 0

exact u = sin(pi*x)*sin(pi*y)
