problem "A flow towards the middle enters at both ends"

coord x in [-1, 1]
time  t in [0, 1]
field u(x, t)

eq u_t - x*u_x = 0
initial u = x^2
on x = -1, x = 1: u = exp(2*t)

exact u = x^2*exp(2*t)
