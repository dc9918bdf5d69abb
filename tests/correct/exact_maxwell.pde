coord x, y, z in [0, 2*pi]
time t in [0, 1]
field E(x, y, z, t) in R^3
field B(x, y, z, t) in R^3
eq faraday: B_t = -curl(E)
eq ampere: E_t = ∇×B
initial E = (0, sin(x), 0)
initial B = (0, 0, sin(x))
periodic x, y, z
exact E = (0, sin(x - t), 0)
exact B = (0, 0, sin(x - t))
