coord x in [0, 1]
field u(x)
eq u_xx = -pi^2*sin(pi*x)
on x = 0, x = 1: u = 0
exact u = sin(pi*x) + if(0.5 < x < 0.5001, 1, 0)
