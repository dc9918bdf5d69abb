coord x, y in [0, 1]
time t in [0, 1]
field v(x, y, t) in R^2
eq v_t = v×(0, 0, 1)
initial v = (1, 0)
periodic x, y
