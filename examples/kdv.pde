# Korteweg-de Vries equation with the constants of Zabusky and Kruskal, who found the soliton in it.
#
# Look for: the cosine steepens as in Burgers' equation, but there is no viscosity: at t = 0.3 the front breaks up into
# a train of waves, which become solitons, the taller the faster, and keep their shape. Nothing decays, so nothing
# forgives an early error.
#
# The reference is our own; data/README.md says how its error (below 1e-12) was measured.

problem "Korteweg-de Vries equation"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)
param delta = 0.022

eq kdv: u_t + u*u_x + delta^2*u_xxx = 0
initial u = cos(pi*x)
periodic x

reference u from "data/kdv.npz" (x, t, u)
