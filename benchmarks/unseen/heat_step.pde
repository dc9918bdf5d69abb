# A step, nearly sharp in the beginning, that spreads.

problem "Two temperatures meet"

coord x in [-2, 3]
time  t in [0, 1]
field u(x, t)
param alpha = 0.2
param early = 0.01
let step = erf(x/sqrt(4*alpha*(t + early)))

eq heat: u_t = alpha*u_xx
initial u = erf(x/sqrt(4*alpha*early))
on x = -2, x = 3: u = step

exact u = step
