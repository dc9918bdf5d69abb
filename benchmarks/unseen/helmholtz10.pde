# Wave number 10: the operator is indefinite, and close to a resonance of the square, 10 pi^2 = 98.7.

problem "A plane wave in a square"

coord x, y in [0, 1]
field u(x, y)
param k = 10
let wave = cos(k*(0.6*x + 0.8*y))

eq helmholtz: ∇²u + k^2*u = 0
on boundary: u = wave

exact u = wave
