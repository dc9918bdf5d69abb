# Each coordinate of a list may have conditions of its own.
coord x[3] in [0, 1]
field u(x)
eq laplacian(u) = -1
on x[1] = 0, x[1] = 1: u = 0
on x[2] = 0, x[2] = 1: u_n = 0
on x[3] = 0: u = 0
on x[3] = 1: u_n = -u
