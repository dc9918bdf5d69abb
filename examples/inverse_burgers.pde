# Two coefficients of Burgers' equation from noisy data.
#
#   pdec train examples/inverse_burgers.pde
#
# Look for: the truth is a = 1 and nu = 0.01/pi = 0.0031831. The result gives each number with the standard deviation
# that the noise leaves it. With data/burgers_sensors.csv, which has no noise, both come out more exactly.
problem "Speed and viscosity from measurements"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
unknown a in (0, 5) = 2
unknown nu in (0, 0.1) = 0.01

eq burgers: u_t + a*u*u_x = nu*u_xx
initial u = -sin(pi*x)
on x = -1, x = 1: u = 0
observe u from "data/burgers_noisy.csv" (x, t, u) noise 0.0061

reference u from "data/burgers.npz" (x, t, u)
