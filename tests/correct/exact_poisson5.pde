coord x[5] in [0, 1]
field u(x)
eq -sum(i, d(u, x[i], 2)) = pi^2*sum(i, sin(pi*x[i]))
on boundary: u = sum(i, sin(pi*x[i]))
exact u = sum(i, sin(pi*x[i]))
