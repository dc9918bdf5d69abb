coord x[10] in [-1, 1]
field u(x)
let n = 2
eq sum(i, d(u, x[i], n)) = 0
on boundary: u = 1
