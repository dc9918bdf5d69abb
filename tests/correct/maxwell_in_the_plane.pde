problem "Light in a periodic box"
coord x, y in [0, 1]
time t in [0, 1]
field E(x, y, t) in R^2
field B(x, y, t)
param c = 1
eq faraday: B_t = -curl(E)
eq ampere: E_t = c^2*curl(B)
initial E = (0, cos(2*pi*x))
initial B = cos(2*pi*x)/c
periodic x, y
exact E = (0, cos(2*pi*(x - c*t)))
exact B = cos(2*pi*(x - c*t))/c
