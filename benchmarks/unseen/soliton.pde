# A complex field: an envelope that moves over waves of its own.

problem "A soliton of the nonlinear Schroedinger equation"

coord x in [-10, 10]
time  t in [0, 2]
field psi(x, t) in C
param v = 1.2
let soliton = sech(x + 1 - v*t)*exp(i*(v*x + (1 - v^2)/2*t))

eq schroedinger: i*psi_t + psi_xx/2 + |psi|^2*psi = 0
initial psi = sech(x + 1)*exp(i*v*x)
on x = -10, x = 10: psi = soliton

exact psi = soliton
