problem "A sum over the components of a vector"
coord x, y in [0, 1]
field v(x, y) in R^2
let kinetic = sum(i, v[i]^2)/2
eq laplacian(v) = 0*kinetic*v
on boundary: v = (x, -y)
exact v = (x, -y)
