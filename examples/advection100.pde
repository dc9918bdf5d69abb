# Convection at speed 100, twice that of convection.pde: a wave that goes around the circle sixteen times.
#
# Look for: stripes so steep that they nearly stand. An error in the speed of one part in a thousand is an error of
# 0.1 in the phase at the end, so the picture can look right while the error is not small.

problem "Very fast convection"

coord x in [0, 2*pi]
time  t in [0, 1]
field u(x, t)
param c = 100

eq advection: u_t + c*u_x = 0
initial u = sin(x)
periodic x

exact u = sin(x - c*t)
