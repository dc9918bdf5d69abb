coord x in [0, 1]
field u(x)
minimize integral(u_x^2, x)
constraint integral(u^2, x) = 1
on boundary: u = 0
exact u = sqrt(30)*x*(1 - x)
