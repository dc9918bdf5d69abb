# Two first-order equations bear two conditions at the ends together, not four.
coord x in [0, 1]
time  t in [0, 1]
field p(x, t)
field v(x, t)
eq p_t = -v_x
eq v_t = -p_x
initial p = sin(pi*x)
initial v = 0
on x = 0, x = 1: p = 0
on x = 0, x = 1: v = 0
