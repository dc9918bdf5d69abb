coord x in [-1, 1]
field u(x)
eq u_xx = if(x < 0, 2, -2)
on x = -1: u = 1
on x = 1: u_n = -2
exact u = if(x < 0, x^2, -x^2)
