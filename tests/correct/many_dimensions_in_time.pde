problem "Heat in ten dimensions, by the Laplacian"
coord x[10] in [-1, 1]
time t in [0, 1]
field u(x, t)
eq u_t = laplacian(u)/10 + 0*d(u, x[1], x[2])
initial u = |x|^2
on x = -1, x = 1: u = |x|^2 + 2*t
exact u = dot(x, x) + 2*t
