# Greek letters, names with subscripts, a periodic coordinate, labels.
coord θ in [0, 2*pi]
time  tau in [0, 1]
field u_1(θ, tau)
field phi(θ, tau)
param nu = 0.01/pi
param k_max = 1e-7
let damping = k_max*u_1^2
let flux(w) = w^2/2
eq first_one: u_1_{tau} + d(flux(u_1), θ) = nu*u_1_θθ - damping
eq phi_{tau tau} = d(nu*phi_θ, θ) - d(phi*u_1, θ, 2)
initial u_1 = sin(θ)
initial phi = cos(2*θ)
initial phi_tau = 0
periodic θ
