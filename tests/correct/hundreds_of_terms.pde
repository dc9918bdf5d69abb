# A sum over the components of the point, of as many terms as there are coordinates.
coord x[400] in [0, 1]
field u(x)
eq -laplacian(u) = sum(i, x[i]^2)
on boundary: u = 1
