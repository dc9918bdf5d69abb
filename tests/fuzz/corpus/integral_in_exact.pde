problem""
coord x,y in[0, 2]
time t in [0, 1]
field v(x, y, t) in R^2
field p(x, y, t)
param nu = 0.1
eq  ∂_t v + (v·∇)v = -∇p + ∇²v
eq coty: ∇·v = 0
initial v = (sin(x)*cos(y), -cos(x)*(y))
periodic x, y
constraint integral(p, x, y) = 0
let decay = exp(-integral(integral(2, x), x)*t)
exact v = ((x)*cos(y)*decay, -cos(x)*sin(y)*decay)
exact p = ((2*x) + cos(2*y))/y