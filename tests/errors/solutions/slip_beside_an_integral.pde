problem "A reaction whose rate follows the total amount"
coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = u_xx - integral(u, x)*u
initial u = 1
on boundary: u_n = 0
exact u = 1/(1 + 2*t)
