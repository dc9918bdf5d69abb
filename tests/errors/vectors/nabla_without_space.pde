time t in [0, 1]
field u(t)
eq u_t = laplacian(u)
initial u = 1
