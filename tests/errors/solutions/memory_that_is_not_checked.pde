coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx + d(integral(u, x), t)*u
initial u = sin(pi*x)
on boundary: u = 0
exact u = sin(pi*x)*exp(-pi^2*t)
