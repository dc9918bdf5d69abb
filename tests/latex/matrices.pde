problem "Anisotropic heat conduction"
coord x, y in [0, 1]
field u(x, y)
let w = (1, 2)
let K = ((2, 1), (1, 3))
eq div(dot(K, grad(u))) + dot(outer(w, w)[1], grad(u)) = 0
on boundary: u = 0
