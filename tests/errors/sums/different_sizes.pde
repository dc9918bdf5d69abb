coord x[3] in [-1, 1]
field v(x) in R^2
eq laplacian(v) = 0*sum(i, x[i]*v[i])*v
on boundary: v = (1, 1)
