problem "Electromagnetic waves between perfect mirrors"

coord x in [0, 1]
time  t in [0, 1]
field E(x, t)
field H(x, t)

eq E_t = -H_x
eq H_t = -E_x
initial E = sin(pi*x)
initial H = 0
on x = 0, x = 1: E = 0

exact E = sin(pi*x)*cos(pi*t)
exact H = -cos(pi*x)*sin(pi*t)
