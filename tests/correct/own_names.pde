problem "Names that others use for functions"
coord x, n in [0, 1]
field u(x, n)
let mean = 2
let inner(a, b) = a*b
let i = 3
eq u_xx + u_nn = inner(mean, i)
on boundary: u = 0
