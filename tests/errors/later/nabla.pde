coord x, y in [0, 1]
field u(x, y)
eq ∇²u = 1
eq ∂_x u = 0
