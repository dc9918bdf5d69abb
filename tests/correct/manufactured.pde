problem "A solution that is chosen"
coord x, y in [0, 1]
time t in [0, 1]
field u(x, y, t)
eq u_t = laplacian(u) - u^3
initial u = 0
on x = 0, x = 1: u = 0
on y = 0, y = 1: u_n = 0
manufactured u = sin(pi*x)*cos(pi*y)*exp(-t)
