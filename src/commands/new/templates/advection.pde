# Something that is carried along and spreads: advection and diffusion on a circle, with a nonlinear speed.
#
#   pdec check FILE    what the compiler understood, or what is wrong
#   pdec train FILE    solves it; the result is in the folder runs

problem "Nonlinear advection and diffusion"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)

# The smaller the diffusion, the steeper the fronts.
param nu = 0.05

# A function of one's own; for a constant speed c write `let flux(w) = c*w`.
let flux(w) = w^2/2

eq balance: u_t + d(flux(u), x) = nu*u_xx
initial u = 0.5 + 0.5*sin(pi*x)

# What leaves on the right comes back on the left. For an inflow write `on x = -1: u = …` instead.
periodic x
