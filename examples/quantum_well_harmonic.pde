# The first four states of a harmonic oscillator: each has a field and an energy, and none is one of those before.
#
#   pdec train examples/quantum_well_harmonic.pde
#
# Look for: E = 1/2, 3/2, 5/2, 7/2. All energies begin at zero: the states come in the order of their distance from there. The walls
# at x = -8 and 8 change these energies by less than 1e-20.
problem "Four states of a harmonic oscillator"

coord x in [-8, 8]
field psi0(x)
field psi1(x)
field psi2(x)
field psi3(x)
unknown E0 = 0
unknown E1 = 0
unknown E2 = 0
unknown E3 = 0

eq -d(psi0, x, x)/2 + x^2/2*psi0 = E0*psi0
eq -d(psi1, x, x)/2 + x^2/2*psi1 = E1*psi1
eq -d(psi2, x, x)/2 + x^2/2*psi2 = E2*psi2
eq -d(psi3, x, x)/2 + x^2/2*psi3 = E3*psi3
on x = -8, x = 8: psi0 = 0
on x = -8, x = 8: psi1 = 0
on x = -8, x = 8: psi2 = 0
on x = -8, x = 8: psi3 = 0

constraint norm0: integral(psi0^2, x) = 1
constraint norm1: integral(psi1^2, x) = 1
constraint norm2: integral(psi2^2, x) = 1
constraint norm3: integral(psi3^2, x) = 1
constraint integral(psi0*psi1, x) = 0
constraint integral(psi0*psi2, x) = 0
constraint integral(psi0*psi3, x) = 0
constraint integral(psi1*psi2, x) = 0
constraint integral(psi1*psi3, x) = 0
constraint integral(psi2*psi3, x) = 0
