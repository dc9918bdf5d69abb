problem "A spinor in a field"
coord x in [0, 2*pi]
time t in [0, 1]
field s(x, t) in C^2
param b = 1
eq i*s_t = -s_xx + b*(s[2], s[1])
initial s = (exp(i*x), 0)
periodic x
