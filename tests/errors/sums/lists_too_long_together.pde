problem "More coordinates than anybody solves in"
coord x[600] in [0, 1]
coord y[600] in [0, 1]
field u(x)
eq laplacian(u) = 1
on boundary: u = 0
