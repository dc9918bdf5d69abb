coord w[n] in [0, 1]
field u(w)
eq laplacian(u) = 1
on boundary: u = 0
