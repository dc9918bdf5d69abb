problem "A kink of the sine-Gordon equation"

coord x in [-10, 10]
time  t in [0, 1]
field phi(x, t)
param v = 0.5

let g = sqrt(1 - v^2)

eq phi_tt - phi_xx + sin(phi) = 0
initial phi = 4*atan(exp(x/g))
initial phi_t = -2*v/g*sech(x/g)
on x = -10, x = 10: phi = 4*atan(exp((x - v*t)/g))

exact phi = 4*atan(exp((x - v*t)/g))
