time  t [s] in [0, 10]
field n(t) [1/m^3]
param k [m^3/s] = 1e-3
eq recombination: n_t = -k*n
initial n = 100[1/m^3]
