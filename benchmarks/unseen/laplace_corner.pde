# A harmonic function on a large rectangle, given on its boundary; it has a logarithmic singularity close by.

problem "Potential of a charge outside"

coord x in [-1, 2]
coord y in [0, 3]
field u(x, y)
let potential = log((x + 1.5)^2 + (y + 0.5)^2)

eq laplace: ∇²u = 0
on boundary: u = potential

exact u = potential
