coord x, y in [0, 1]
field p(x, y)
param k = 2
eq -grad(k*grad(p)) = 1
on boundary: p = 0
