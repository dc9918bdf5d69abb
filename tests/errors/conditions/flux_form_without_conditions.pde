problem "Heat as temperature and flux, the ends forgotten"
coord x in [0, 1]
time  t in [0, 1]
field T(x, t)
field q(x, t)
param k = 0.1
eq balance: T_t + q_x = 0
eq fourier: q = -k*T_x
initial T = sin(pi*x)
