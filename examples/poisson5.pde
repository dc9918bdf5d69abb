# Poisson equation in five dimensions.
#
# Look for: nothing grows with the dimension but the number of derivatives, and these travel as one coefficient, the
# Laplacian itself: `pdec emit --stage plan` shows it.

problem "Poisson equation in five dimensions"

coord x[5] in [0, 1]
field u(x)
let waves = sum(i, cos(pi*x[i]))

eq poisson: -∇²u = pi^2*waves
on boundary: u = waves

exact u = waves
