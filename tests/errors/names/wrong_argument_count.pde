coord x in [0, 1]
time t in [0, 1]
field u(x, t)
let flux(w) = w^2/2
eq u_t + d(flux(u, x), x) = max(u) + sin
initial u = sin(pi*x)
on x = 0: u = 0
