coord x, y in [0, 1]
field u(x, y) in R^2
param lambda = 1
param mu = 0.5
let eps = (grad(u) + transpose(grad(u)))/2
let sigma = lambda*trace(eps)*identity(2) + 2*mu*eps
eq equilibrium: div(sigma) = (2*(lambda + 2*mu) + (lambda + mu), 2*mu*y*0 + (lambda + mu)*0 + 2*mu)
on x = 0: u = (0, 0)
on x = 1: u = (1, y + 1)
on y = 0: u = (x^2, x^2)
on y = 1: u = (x^2, x*1 + x^2)
exact u = (x^2, x*y + x^2)
