time  t [s] in [0, 1]
field p(t) [N.s]
param F [N] = 3
eq p_t = F
initial p = 0
