time  t [s] in [0, 1]
field phi(t)
param omega [rpm] = 3000
eq phi_t = omega
initial phi = 0
