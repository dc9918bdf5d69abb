coord x, y in [0, 1]
time t in [0, 1]
field v(x, y, t) in R^2
field p(x, y, t)
param nu = 0.01
eq momentum: v_t + (v·∇)v + grad(p) = nu*div(grad(grad(v)))
eq continuity: div(v) = 0
initial v = 0
on boundary: v = 0
