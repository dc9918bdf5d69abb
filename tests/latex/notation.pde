# Sums, cases, tensors, raised digits, functions and manufactured solutions.
coord x[3] in [-1, 1]
field u(x)
let k(w) = 1 + w²
let q = -k(u)*grad(u)
eq balance: div(q) + sum(i, x[i]^2*u) + |∇u|² = if(x[1] < 0, 1/2, -1)
on boundary: u + u_n = (1 + x[2])/2
manufactured u = exp(-dot(x, x)/2)
