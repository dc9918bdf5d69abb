coord x in [0, 1]
field u(x)
periodic x
eq u + d(sin(exp(u*x))/(1 + u^2)^3.5*tanh(u*x)*sqrt(1 + u^2 + x^2), x, 10) = 0
