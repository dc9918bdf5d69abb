problem "Euler's equation whose solutions are x and x²"
coord x in [0, 1]
field u(x)
eq x^2*u_xx - 2*x*u_x + 2*u = x^3
on x = 1: u = 1
