coord x in [0, 1]
field u(x)
eq u = x + integral(u*x, x)
exact u = 2*x
