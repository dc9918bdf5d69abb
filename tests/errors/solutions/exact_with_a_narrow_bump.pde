coord x in [0, 1]
field u(x)
eq u_xx = -pi^2*sin(pi*x)
on x = 0, x = 1: u = 0
exact u = sin(pi*x) + 1e-3*exp(-((x - 0.3777)/1e-5)^2)
