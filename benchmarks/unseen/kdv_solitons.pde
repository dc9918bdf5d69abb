# Hirota's solution: the tall soliton passes the small one, and both are shifted.

problem "Two solitons"

coord x in [-12, 12]
time  t in [-1, 1]
field u(x, t)
let a = exp(x - t)
let b = exp(2*x - 8*t)
let tau = 1 + a + b + a*b/9
let solitons = 2*d(log(tau), x, 2)

eq kdv: u_t + 6*u*u_x + u_xxx = 0
at t = -1: u = 2*d(log(1 + exp(x + 1) + exp(2*x + 8) + exp(3*x + 9)/9), x, 2)
on x = -12, x = 12: u = solitons
on x = 12: u_x = d(solitons, x)

exact u = solitons
