# A beam that is clamped at one end, free at the other, and carries its weight: fourth order.
#
#   pdec train examples/beam.pde
#
# Look for: no bending moment (w_xx) and no shear force (w_xxx) at the free end.
problem "Clamped beam"

coord x in [0, 1]
field w(x)

eq bending: d(w, x, x, x, x) = 1
on x = 0: w = 0
on x = 0: w_x = 0
on x = 1: d(w, x, x) = 0
on x = 1: d(w, x, x, x) = 0

exact w = x^2*(x^2 - 4*x + 6)/24
