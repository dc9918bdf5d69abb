problem "The lowest level of an oscillator, by its energy"
coord x in [-6, 6]
field psi(x)
minimize integral(psi_x^2/2 + x^2*psi^2/2, x)
constraint norm: integral(psi^2, x) = 1
on x = -6, x = 6: psi = 0
