coord x in [0, 1]
time t in [0, 1]
field u(x, t)
param κ₁ = 0.1
param κ₂ = 0.2
eq u_t = κ₁*u_xx - κ₂*u
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
