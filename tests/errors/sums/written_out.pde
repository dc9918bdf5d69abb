coord x[100] in [0, 1]
field u(x)
eq laplacian(u) = sum(i, sum(j, sum(k, sum(l, x[i]*x[j]*x[k]*x[l]))))
on boundary: u = 0
