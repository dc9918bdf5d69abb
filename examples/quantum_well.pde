# The states of a quantum well: numbers and fields that are found together.
#
#   pdec train examples/quantum_well.pde
#
# Look for: psi = sqrt(2) sin(pi x) and E = pi^2/2 = 4.9348022. Without the constraint psi = 0 would be a solution for any E.
# The state that is found is the one whose energy is nearest to where E begins: with E = 40 it is the third.
problem "Infinite quantum well"

coord x in [0, 1]
field psi(x)
unknown E in (0, 100) = 4

eq schroedinger: -psi_xx/2 = E*psi
on x = 0, x = 1: psi = 0
constraint norm: integral(psi^2, x) = 1
