problem "A plate pulled at one side"
coord x, y in [0, 1]
field w(x, y) in R^2
let strain = (grad(w) + transpose(grad(w)))/2
let stress = trace(strain)*identity(2) + 2*strain
eq equilibrium: div(stress) = 0
on x = 0: w = 0
on x = 1: stress·n = (0.1, 0)
on y = 0, y = 1: dot(stress, n) = 0
