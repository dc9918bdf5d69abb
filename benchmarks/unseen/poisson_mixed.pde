# Three dimensions, a varying coefficient, values on some sides and fluxes on others.

problem "Diffusion through an uneven block"

coord x, y, z in [0, 1]
field u(x, y, z)
let k = 1 + x*y/2 + z^2

eq diffusion: ∇·(k*∇u) = 0
on x = 0, x = 1: u = 0
on y = 0, y = 1: u_n = 0
on z = 0, z = 1: u = 0
manufactured u = sin(pi*x)*cos(pi*y)*(1 + z) + x
