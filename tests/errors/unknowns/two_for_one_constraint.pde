coord x in [0, 1]
field u(x)
unknown a = 1
unknown b = 1
eq u_xx = a + b*x
on x = 0, x = 1: u = 0
constraint integral(u, x) = 5
