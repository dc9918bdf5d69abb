# A viscous term as papers print it.
coord x, y in [0, 1]
time  t in [0, 1]
field v(x, y, t) in R^2
field p(x, y, t)
param Re = 100
param rho = 2
eq v_t + (v·∇)v = -∇p/rho + ∇²v/Re
eq ∇·v = 0
initial v = (0, 0)
constraint integral(p, x, y) = 0
on x = 0, x = 1, y = 0, y = 1: v = (0, 0)
