coord x in (-∞, ∞)
field u(x)
eq u_xx = u
on x = 0: u = 1
on x = 1: u = 0
