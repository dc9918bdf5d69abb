# Two dimensions and time, insulated all round, two modes.

problem "Heat in an insulated plate"

coord x in [0, 2]
coord y in [-1, 0]
time  t in [0, 1]
field u(x, y, t)
param alpha = 0.1

eq heat: u_t = alpha*∇²u
initial u = cos(pi*x/2)*cos(2*pi*y) + cos(pi*x)
on boundary: u_n = 0

exact u = exp(-17/4*alpha*pi^2*t)*cos(pi*x/2)*cos(2*pi*y) + exp(-alpha*pi^2*t)*cos(pi*x)
