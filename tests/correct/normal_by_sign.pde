# The derivative along the outward normal as paper writes it.
coord x in [0, 1]
coord y in [0, 1]
field u(x, y)

eq ∇²u - u = 0

on x = 0: u = 1
on x = 1, y = 0, y = 1: ∂_n u = 0
