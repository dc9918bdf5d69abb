# Kuramoto-Sivashinsky equation: waves of middle length grow, short ones are damped, and u*u_x carries from one to the
# other. The solution is chaotic.
#
# Look for: two humps break up into a dozen crests, which from t = 0.4 on wander, merge and are born anew. A small
# difference grows by more than 100,000 until the end: whoever is right there was very right before.
#
# The reference is our own, in extended precision; data/README.md says how its error (below 1e-11) was measured.

problem "Kuramoto-Sivashinsky equation"

coord x in [0, 2*pi]
time  t in [0, 1]
field u(x, t)
param a = 100/16
param b = 100/16^2
param c = 100/16^4

eq kuramoto_sivashinsky: u_t + a*u*u_x + b*u_xx + c*u_xxxx = 0
initial u = cos(x)*(1 + sin(x))
periodic x

reference u from "data/ks.npz" (x, t, u)
