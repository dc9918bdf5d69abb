# A cubic force and a solution that swings fast and grows.

problem "Klein-Gordon equation"

coord x in [0, 1]
time  t in [0, 1]
field u(x, t)

eq klein_gordon: u_tt - u_xx + u^3 = 0
initial u = 0
initial u_t = 0
on x = 0, x = 1: u = 0
manufactured u = x*cos(5*pi*t) + (x*t)^3
