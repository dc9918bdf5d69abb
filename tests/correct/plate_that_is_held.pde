problem "Plate that is held"

coord x, y in [0, 1]
field u(x, y) in R^2
param lambda = 1
param mu = 0.5
let eps = (grad(u) + transpose(grad(u)))/2
let sigma = lambda*div(u)*identity(2) + 2*mu*eps
eq equilibrium: div(sigma) + (0, -1) = 0
on x = 0: u = (0, 0)
on x = 1, y = 0, y = 1: dot(sigma, n) = 0
