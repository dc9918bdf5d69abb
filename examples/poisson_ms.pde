# Poisson equation with four scales at once, from 4 to 16 half waves across the square.
#
# Look for: the large humps along the diagonal and the fine pattern that rides on them. All four scales have the same
# height in u, but in the right side the finest is sixteen times as tall as the coarsest: it is what training sees.

problem "Poisson equation with many scales"

coord x, y in [0, 1]
field u(x, y)
let mode(k) = sin(k*pi*x)*sin(k*pi*y)
let solution = (mode(4) + mode(8) + mode(12) + mode(16))/4

eq poisson: ∇²u = ∇²solution
on boundary: u = 0

exact u = solution
