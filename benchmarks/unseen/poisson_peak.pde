# A narrow peak off the middle.

problem "Poisson equation with a peak"

coord x, y in [0, 1]
field u(x, y)

eq poisson: -∇²u = 0
on boundary: u = 0
manufactured u = exp(-100*((x - 0.3)^2 + (y - 0.6)^2))
