# An exponential source, on the lower of the two branches of solutions.

problem "Bratu's equation"

coord x in [0, 1]
field u(x)
param theta = 2.5
let lambda = theta^2/(2*cosh(theta/4)^2)

eq bratu: u_xx + lambda*exp(u) = 0
on x = 0, x = 1: u = 0

exact u = -2*log(cosh((x - 1/2)*theta/2)/cosh(theta/4))
