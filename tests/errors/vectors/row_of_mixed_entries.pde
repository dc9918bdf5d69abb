coord x, y in [0, 1]
field v(x, y) in R^2
let q = (v, v.x)
eq laplacian(v) = dot(q, v)
on boundary: v = 0
