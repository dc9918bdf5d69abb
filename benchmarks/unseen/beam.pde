# Fourth order in space, second in time, two modes of very different speed.

problem "A supported beam that vibrates"

coord x in [0, 2]
time  t in [0, 2]
field w(x, t)
let k = pi/2

eq beam: w_tt + w_xxxx = 0
initial w = sin(k*x) + sin(2*k*x)/4
initial w_t = 0
on x = 0, x = 2: w = 0
on x = 0, x = 2: w_xx = 0

exact w = sin(k*x)*cos(k^2*t) + sin(2*k*x)*cos(4*k^2*t)/4
