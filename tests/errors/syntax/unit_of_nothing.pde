time  t [s] in [0, 1]
field c(t) []
param k [1/s] = 3
eq c_t = -k*c
initial c = 1
