problem "A clamped beam that vibrates"

coord x in [0, 1]
time  t in [0, 1]
field w(x, t)

eq w_tt + w_xxxx = 0
initial w = x^2*(1 - x)^2
initial w_t = 0
on x = 0, x = 1: w = 0
on x = 0, x = 1: w_x = 0
