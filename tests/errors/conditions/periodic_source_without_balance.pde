coord x in [0, 2*pi]
coord y in [0, 1]
periodic x
field u(x, y)
eq -laplacian(u) = 1 + sin(x)*y
on y = 0, y = 1: u_n = 0
