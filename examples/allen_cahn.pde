# Allen-Cahn equation: phases separate, and the walls between them sharpen.
#
# Look for: u is driven to -1 or 1 everywhere; the walls near x = -0.5 and x = 0.5 settle to a width of about 0.01.
# Plain training drifts to u = 0 or to the wrong phase, because a wrong phase satisfies the equation just as well:
# only the initial value decides, and it has to be carried forward in time.
#
# The reference is our own: the initial value x^2 cos(pi x) has a kink where the circle closes, which spoils plain
# Fourier solutions; data/README.md says how its error (below 1e-11) was measured.

problem "Allen-Cahn equation"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
param epsilon = 1e-4

eq allen_cahn: u_t = epsilon*u_xx - 5*u^3 + 5*u
initial u = x^2*cos(pi*x)
periodic x

reference u from "data/allen_cahn.npz" (x, t, u)
