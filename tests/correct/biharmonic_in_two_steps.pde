# Two equations of second order, all four conditions on one field: a clamped beam.
coord x in [0, 1]
field w(x)
field m(x)
eq w_xx = m
eq m_xx = 1
on x = 0, x = 1: w = 0
on x = 0, x = 1: w_x = 0
