problem "Integrals, powers of what needs brackets, sources"
coord x in [0, 1]
coord y in [-1, 2]
field u(x, y)
param hbar = 1
param κ₁ = 2
let k = if(x < 0.5, 1, 2)
eq κ_eq: k^2*laplacian(u) + if(x < 0.5, 1, 2) + hbar = κ₁*integral(u^2, x, y)^2*integral(u - 1, y)
on boundary: u = 0
manufactured u = sin(pi*x)*(y + 1)*(y - 2)
