# A swirl that decays: a vector field, a pressure and a known solution.
problem "Taylor-Green vortex"
coord x, y in [0, 2*pi]
time t in [0, 1]
field v(x, y, t) in R^2
field p(x, y, t)
param nu = 0.1
eq momentum: v_t + (v·∇)v = -∇p + nu*∇²v
eq mass: div(v) = 0
initial v = (-cos(x)*sin(y), sin(x)*cos(y))
periodic x, y
constraint integral(p, x, y) = 0
exact v = (-cos(x)*sin(y)*exp(-2*nu*t), sin(x)*cos(y)*exp(-2*nu*t))
exact p = -(cos(2*x) + cos(2*y))*exp(-4*nu*t)/4
