# A vibrating string: second order in time, so it needs its position and its velocity at the beginning.
#
#   pdec check FILE    what the compiler understood, or what is wrong
#   pdec train FILE    solves it; the result is in the folder runs

problem "Vibrating string"

coord x in [0, 1]
time  t in [0, 1]
field u(x, t)

# The speed of the waves; `pdec train FILE --set c=2` changes it.
param c = 1

eq wave: u_tt = c^2*u_xx

# Position and velocity at the beginning.
initial u = sin(pi*x)
initial u_t = 0

# Both ends are held. For waves that run around a circle write `periodic x` instead.
on x = 0, x = 1: u = 0

# Where the solution is known it is checked, and training is measured against it. Remove it where it is not.
exact u = sin(pi*x)*cos(c*pi*t)
