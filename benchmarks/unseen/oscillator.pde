# An ordinary differential equation over many periods.

problem "A damped oscillator"

time  t in [0, 20]
field q(t)
param damping = 0.1
param k = 9
let omega = sqrt(k - damping^2)

eq oscillator: q_tt + 2*damping*q_t + k*q = 0
initial q = 1
initial q_t = 0

exact q = exp(-damping*t)*(cos(omega*t) + damping/omega*sin(omega*t))
