problem "A crowd that plans ahead: a mean-field game"
coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
field m(x, t)
param nu = 0.1
eq plan: -u_t - nu*u_xx + u_x^2/2 = m
eq crowd: m_t - nu*m_xx - d(m*u_x, x) = 0
periodic x
initial m = 1 + cos(2*pi*x)/2
at t = 1: u = sin(2*pi*x)*m
