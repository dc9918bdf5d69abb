problem "Gray-Scott: two substances that react and diffuse"

coord x in [-1, 1]
time  t in [0, 20]
field u(x, t)
field v(x, t)
param F = 0.04
param k = 0.06

eq u_t = 1e-4*u_xx - u*v^2 + F*(1 - u)
eq v_t = 5e-5*v_xx + u*v^2 - (F + k)*v
initial u = 1 - exp(-80*x^2)/2
initial v = exp(-80*x^2)/4
periodic x
