problem "Legendre's equation that ends before the pole on one side"
coord x in [-1, 0.5]
field u(x)
eq (1 - x^2)*u_xx - 2*x*u_x - u = 1
