# A string with its first and third mode, wave speed 2.
#
# Look for: two standing waves, one three times as fast as the other, with the same period in time of 1. The equation
# is second order in time, so it needs two initial conditions: position and velocity.

problem "Vibrating string, first and third mode"

coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
param c = 2

eq wave: u_tt = c^2*u_xx
initial u = sin(pi*x) + sin(3*pi*x)/2
initial u_t = 0
on x = 0, x = 1: u = 0

exact u = sin(pi*x)*cos(c*pi*t) + sin(3*pi*x)*cos(3*c*pi*t)/2
