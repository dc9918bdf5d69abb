coord x, y in [0, 1]
field w(x, y) in R^2
param lambda = 1
param mu = 0.5
let strain = (grad(w) + transpose(grad(w)))/2
let stress = lambda*trace(strain)*identity(3) + 2*mu*strain
eq equilibrium: div(stress) = (0, 1)
on boundary: w = 0
