coord x in [-1, 1]
field u(x)
eq x^2*u_xx - x*u_x + 3/4*u = 0
on x = -1, x = 1: u = 1
exact u = x^1.5
