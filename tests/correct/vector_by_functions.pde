problem "The same in words"
coord x, y in [0, 2*pi]
time t in [0, 1]
field v(x, y, t) in R^2
field p(x, y, t)
param nu = 0.01
eq momentum: v_t + dot(grad(v), v) + grad(p) = nu*laplacian(v)
eq continuity: div(v) = 0
initial v.x = -cos(x)*sin(y)
initial v.y = sin(x)*cos(y)
periodic x, y
constraint gauge: integral(p, x, y) = 0
exact v.x = -cos(x)*sin(y)*exp(-2*nu*t)
exact v.y = sin(x)*cos(y)*exp(-2*nu*t)
