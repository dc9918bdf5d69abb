# Layers at two sides of a square, in the corner between them both.

problem "Advection against diffusion in a square"

coord x, y in [0, 1]
field u(x, y)
param epsilon = 0.02
let layer(s) = s - (exp((s - 1)/epsilon) - exp(-1/epsilon))/(1 - exp(-1/epsilon))

eq balance: u_x + u_y - epsilon*∇²u = layer(x) + layer(y)
on boundary: u = 0

exact u = layer(x)*layer(y)
