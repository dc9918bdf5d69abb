problem "Exact solutions of equations with integrals"
coord x in [0, 1]
time t in [0, 1]
field u(x, t)
field w(x, t)

eq amount: u_t = u_xx - integral(u, x)*u
eq fredholm: w = x*t + integral(w*x, x)
initial u = 1
on boundary: u_n = 0

exact u = 1/(1 + t)
exact w = t*(x + 2/3)
