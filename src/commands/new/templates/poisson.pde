# The Poisson equation on a square: a steady problem, with conditions on all sides and no time.
#
#   pdec check FILE    what the compiler understood, or what is wrong
#   pdec train FILE    solves it; the result is in the folder runs

problem "Poisson equation on a square"

coord x, y in [0, 1]
field u(x, y)

# An abbreviation: what pulls on the membrane.
let f = 2*pi^2*sin(pi*x)*sin(pi*y)

eq poisson: -u_xx - u_yy = f

# Held on all four sides. On a free side write for instance `on y = 1: u_y = 0`.
on x = 0, x = 1, y = 0, y = 1: u = 0

# Where the solution is known it is checked, and training is measured against it. Remove it where it is not.
exact u = sin(pi*x)*sin(pi*y)
