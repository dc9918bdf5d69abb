problem "A membrane with a slope that its energy does not see"
coord x in [0, 1]
field u(x)
minimize integral(u_x^2/2 - u, x)
on x = 0: u = 0
on x = 1: u_x = 1
