coord x in [0, 1]
field u(x)
eq ∂_z(∂_x u) = 1
on x = 0, x = 1: u = 0
