problem "The lowest level of an oscillator"
coord x in [-6, 6]
field psi(x)
unknown E in [0, 2] = 0.4
eq -psi_xx/2 + x^2/2*psi = E*psi
on x = -6, x = 6: psi = 0
constraint norm: integral(psi^2, x) = 1
