problem "Lorenz equations"

time  t in [0, 2]
field x(t)
field y(t)
field z(t)

eq x_t = 10*(y - x)
eq y_t = x*(28 - z) - y
eq z_t = x*y - 8/3*z
initial x = 1
initial y = 1
initial z = 1
