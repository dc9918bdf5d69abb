# Both displacements given on two sides, no traction on the others but what the choice asks for.

problem "A loaded sheet"

coord x in [0, 2]
coord y in [0, 1]
field u(x, y) in R^2
param lambda = 1.5
param mu = 0.7
let strain = (grad(u) + transpose(grad(u)))/2
let stress = lambda*trace(strain)*identity(2) + 2*mu*strain

eq equilibrium: div(stress) = 0
on x = 0, x = 2: u = 0
on y = 0, y = 1: stress·n = 0
manufactured u = (sin(pi*x/2)*cos(pi*y), x*(2 - x)*exp(y)/4)
