# Abbreviations with and without arguments, in any order; all notations of a derivative.
eq momentum: u_t + d(flux(u), x) = q_x + d(u_x, x, 2) + |u| - max(u_xt, d(u, t, x))
let flux(w) = half*w^2
let q = -k*u_x
let k = 2*nu
let half = 1/2
param nu = 0.02
coord x in [-length, length]
let length = sqrt(4)/2 + 0*pi
time t in [0, 1]
field u(x, t)
initial u = -sin(pi*x)
on x = -1, x = length: u = 0
on x = 1: q = 0
