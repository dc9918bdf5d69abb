coord x in [0, 1]
field u(x)
eq u_xx = cos(pi*x)
on x = 0, x = 1: u_x = 0
constraint integral(x, x) = 5
