problem "A particle in a box, its wave function of any size"
coord x in [0, 1]
field psi(x)
unknown E in [0, 20] = 5
eq -psi_xx/2 = E*psi
on x = 0, x = 1: psi = 0
