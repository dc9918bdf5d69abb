# Viscous Burgers equation with viscosity 0.01, three times that of burgers.pde: the front is three times as wide.
#
# Look for: the same front at x = 0, now about 0.03 wide. Here the front is resolved by everyone, and what is left
# tells how well a method converges rather than whether it finds the front.
#
# The reference is the Cole-Hopf solution; data/README.md says how its own error (below 1e-13) was measured.

problem "Viscous Burgers equation, viscosity 0.01"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
param nu = 0.01

eq burgers: u_t + u*u_x = nu*u_xx
initial u = -sin(pi*x)
on x = -1, x = 1: u = 0

reference u from "data/burgers01.npz" (x, t, u)
