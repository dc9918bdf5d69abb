problem "Every function"
coord x in [0.1, 0.9]
field u(x)
let a = sin(x) + cos(x) + tan(x) + atan(x) + exp(x) + log(x) + log10(x) + sqrt(x)
let b = sinh(x) + cosh(x) + tanh(x) + sech(x) + erf(x) + erfc(x)
let c = abs(x) + sign(x) + heaviside(x - 0.5) + min(x, 0.5, 1 - x) + max(x, 0.5) + |x|
eq u_xx = a + b + c + e + pi
on boundary: u = 0
