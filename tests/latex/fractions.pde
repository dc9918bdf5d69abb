coord x in [0, 1]
time t in [0, 1]
field u(x, t)
param a = 0.5
param kappa_0 = 1e-3
let f(s, w) = -s*w/(1 + w^2)
eq u_t = d((1 + u^2)*u_x, x) - a*u/2 - (-x*u/3) + f(2, u)^2 - exp(-x^2/(4*a))/sqrt(4*pi*a)
initial u = max(0, 1 - x/a)
on x = 0: u - kappa_0*u_x = tanh(t/2)^2
on x = 1: u_x = -u^-1 + 1/(u + 1)
