coord x in [0, 1]
coord y in [0, 1]
time t in [0, 1]
field v(x, y, t) in R^2
eq v_t + (v∇)v = (0, 0)
initial v = (0, 0)
on boundary: v = (0, 0)
