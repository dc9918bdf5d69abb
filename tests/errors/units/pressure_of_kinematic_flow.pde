coord x [m], y [m] in [0, 1]
time t [s] in [0, 1]
field v(x, y, t) in R^2 [m/s]
field p(x, y, t) [Pa]
param nu [m^2/s] = 1e-6
param rho [kg/m^3] = 998
eq momentum: v_t + (v·∇)v = -grad(p) + nu*laplacian(v)
eq mass: div(v) = 0
periodic x, y
initial v = (0, rho/rho*1[m/s])
