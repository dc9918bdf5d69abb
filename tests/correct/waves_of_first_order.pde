# A wave as a system of first order: one condition at each end.
coord x in [0, 1]
time  t in [0, 1]
field p(x, t)
field v(x, t)
eq p_t = -v_x
eq v_t = -p_x
initial p = sin(pi*x)
initial v = 0
on x = 0, x = 1: p = 0
