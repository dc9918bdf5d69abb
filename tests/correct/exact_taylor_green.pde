problem "Taylor–Green vortex"
coord x, y in [0, 2*pi]
time t in [0, 1]
field v(x, y, t) in R^2
field p(x, y, t)
param nu = 0.1
eq momentum: ∂_t v + (v·∇)v = -∇p + nu*∇²v
eq continuity: ∇·v = 0
initial v = (sin(x)*cos(y), -cos(x)*sin(y))
periodic x, y
constraint integral(p, x, y) = 0
let decay = exp(-2*nu*t)
exact v = (sin(x)*cos(y)*decay, -cos(x)*sin(y)*decay)
exact p = (cos(2*x) + cos(2*y))/4*decay^2
