# Viscous Burgers equation with viscosity 0.01/pi, the standard test for steep fronts.
#
# Look for: the two halves of the wave run into each other at x = 0. From t = 0.4 on the front there is about
# 0.01 wide, and all of the error sits in it. A uniform set of points misses the front; half of the points follow
# the residual, and the error map shows how well they found it.
#
# The reference is the Cole-Hopf solution; data/README.md says how its own error (below 1e-13) was measured.

problem "Viscous Burgers equation"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
param nu = 0.01/pi

eq burgers: u_t + u*u_x = nu*u_xx
initial u = -sin(pi*x)
on x = -1, x = 1: u = 0

reference u from "data/burgers.npz" (x, t, u)
