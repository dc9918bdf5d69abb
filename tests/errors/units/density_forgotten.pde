coord x [m], y [m] in [0, 1]
time  t [s] in [0, 1]
field v(x, y, t) in R^2 [m/s]
field p(x, y, t) [Pa]
param nu [m^2/s] = 1e-2
eq momentum: v_t + (v·∇)v = -∇p + nu*∇²v
eq mass: ∇·v = 0
initial v = 0
on boundary: v = 0
