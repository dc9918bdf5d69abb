# Lorenz' equations up to t = 20: a chaotic orbit, window after window.
#
#   pdec train examples/lorenz.pde
#
# Look for: the error in time. Differences grow by about 2.5 in a unit of time, 10^8 times until t = 20, so that the last digits
# of double precision are what is left to lose.
problem "Lorenz attractor"

time  t in [0, 20]
field x(t)
field y(t)
field z(t)

eq x_t = 10*(y - x)
eq y_t = x*(28 - z) - y
eq z_t = x*y - 8/3*z
initial x = 1
initial y = 1
initial z = 1

reference x from "data/lorenz.csv" (t, x)
reference y from "data/lorenz.csv" (t, y)
reference z from "data/lorenz.csv" (t, z)
