problem "A flow whose viscosity has the wrong sign"
coord x, y in [0, 2*pi]
time  t in [0, 1]
field v(x, y, t) in R^2
field p(x, y, t)
param nu = 0.01
eq momentum: v_t + (v·∇)v + ∇p = -nu*∇²v
eq continuity: ∇·v = 0
initial v = (-cos(x)*sin(y), sin(x)*cos(y))
periodic x, y
constraint integral(p, x, y) = 0
