problem "A plane wave"
coord x, y, z in [0, 1]
time t in [0, 1]
field E(x, y, z, t) in R^3
field B(x, y, z, t) in R^3
eq faraday: B_t + ∇×E = 0
eq ampere: E_t - ∇×B = 0
initial E = (0, cos(2*pi*x), 0)
initial B = (0, 0, cos(2*pi*x))
periodic x, y, z
exact E = (0, cos(2*pi*(x - t)), 0)
exact B = (0, 0, cos(2*pi*(x - t)))
