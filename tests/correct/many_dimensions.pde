problem "Poisson in five dimensions"
coord x[5] in [0, 1]
field u(x)
let radius = sum(i, x[i]^2)
eq sum(i, d(u, x[i], 2)) = 10
on boundary: u = radius
exact u = radius
