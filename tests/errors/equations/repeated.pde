coord x in [0, 1]
field u(x)
field v(x)
eq u_xx = v
eq -2*v = -2*u_xx
on x = 0, x = 1: u = 0
on x = 0, x = 1: v = 0
