# A kink that runs at half the speed of light.

problem "Sine-Gordon equation"

coord x in [-8, 8]
time  t in [0, 6]
field u(x, t)
param c = 0.5
let gamma = 1/sqrt(1 - c^2)
let kink = 4*atan(exp(gamma*(x - c*t)))

eq sine_gordon: u_tt - u_xx + sin(u) = 0
initial u = 4*atan(exp(gamma*x))
initial u_t = -2*c*gamma*sech(gamma*x)
on x = -8, x = 8: u = kink

exact u = kink
