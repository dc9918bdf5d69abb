# A shock of width 0.04 that travels through two lengths.

problem "A travelling shock"

coord x in [-1, 2]
time  t in [0, 1]
field u(x, t)
param nu = 0.02
param speed = 1
let shock = speed - tanh((x - speed*t)/(2*nu))

eq burgers: u_t + u*u_x = nu*u_xx
initial u = speed - tanh(x/(2*nu))
on x = -1, x = 2: u = shock

exact u = shock
