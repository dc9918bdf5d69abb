coord x in [0, 10]
field psi(x)
unknown E in (0.1, 0.3) = 0.2
eq -psi_xx/2 = E*psi
on x = 0, x = 10: psi = 0
constraint integral(psi^2, x) = 1
exact psi = sqrt(2/10)*sin(pi*x/10)
