coord x in [0, 1]
field u(x)
field v(x)
eq u_xx = v
on x = 0, x = 1: u = 0
