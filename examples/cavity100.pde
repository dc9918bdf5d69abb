# A square box of fluid whose lid is drawn along: the standard flow in a closed domain, at Reynolds number 100.
#
# Look for: one large eddy, its centre above the middle and carried to the right, and two weak ones in the lower corners.
# The lid is slow near its ends, so the velocity is continuous; all the same its gradient jumps in the upper corners,
# and the pressure is infinite there: see what the error map shows in these two places.
#
# The pressure has no condition of its own and is determined up to a constant, which `check` warns of: only gradients
# of it enter, and what is measured is the velocity. The reference is our own, with what is singular in the corners taken
# out by hand; data/README.md says how its error (below 1e-9) was measured.

problem "Lid-driven cavity, Reynolds number 100"

coord x, y in [0, 1]
field v(x, y) in R^2
field p(x, y)
param nu = 0.01

eq momentum: (v·∇)v = -∇p + nu*∇²v
eq continuity: ∇·v = 0
on x = 0, x = 1, y = 0: v = 0
on y = 1: v = (4*x*(1 - x), 0)

reference v.x from "data/cavity100.npz" (x, y, u)
reference v.y from "data/cavity100.npz" (x, y, v)
