# A solute with its own bulk: diffusion in space coupled to a reaction in place.
coord x in [0, 1]
time  t in [0, 1]
field c(x, t)
field s(x, t)
param k = 2
eq c_t = 0.1*c_xx - s_t
eq s_t = k*(c - s)
initial c = 0
initial s = 0
on x = 0: c = sin(t)
on x = 1: c_x = 0
