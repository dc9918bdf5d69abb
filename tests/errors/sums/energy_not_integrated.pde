coord x in [0, 1]
field u(x)
minimize u_x^2/2 - u
on x = 0, x = 1: u = 0
