coord x, y in [0, 1]
time t in [0, 1]
field v(x, y, t) in R^2
eq v_t + (v·∇)v = 0
initial v = sin(2*pi*x)
periodic x, y
