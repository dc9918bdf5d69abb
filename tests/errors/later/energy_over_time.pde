coord x in [0, 1]
time t in [0, 1]
field u(x, t)
minimize integral(u_x^2/2 - u, x)
initial u = 0
on x = 0, x = 1: u = 0
