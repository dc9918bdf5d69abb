coord x in [0, 1]
field u(x)
minimize integral(sqrt(1 + u_x^2), x)
on x = 0: u = 0
on x = 1: u = 1
exact u = x^2
