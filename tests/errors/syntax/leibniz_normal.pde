coord x in [0, 1]
coord y in [0, 1]
field u(x, y)
eq laplacian(u) = 1
on x = 0, x = 1: u = 0
on y = 0, y = 1: du/dn = 0
