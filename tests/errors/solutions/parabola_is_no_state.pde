problem "The ground state of a box, as a parabola"
coord x in [0, 10]
field psi(x)
unknown E in (0, 1) = 0.05
eq -psi_xx/2 = E*psi
on x = 0, x = 10: psi = 0
constraint norm: integral(psi^2, x) = 1
exact psi = sqrt(30/10^5)*x*(10 - x)
