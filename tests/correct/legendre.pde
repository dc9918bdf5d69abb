problem "Legendre's equation: both ends are regular singular"
coord x in [-1, 1]
field u(x)
eq (1 - x^2)*u_xx - 2*x*u_x + 6*u = 5*x^3
