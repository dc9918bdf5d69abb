# A string between two pictures of it, by Hamilton's principle.
coord x in [0, 1]
time  t in [0, 0.3]
field u(x, t)
minimize integral(u_t^2/2 - u_x^2/2, x, t)
on x = 0, x = 1: u = 0
initial u = sin(pi*x)
at t = 0.3: u = cos(0.3*pi)*sin(pi*x)
