# A particle in a well with finite walls: where the potential jumps, so does the second derivative.
#
#   pdec train examples/quantum_well_finite.pde
#
# Look for: E = 0.8197400737666, the smallest root of k tan(k) = q with k = sqrt(2 E), q = sqrt(2 (10 - E)). The next are
# 3.2209399785896 and 6.9457664912262: begin nearer to them.
problem "Finite quantum well"

coord x in [-5, 5]
field psi(x)
unknown E in (0, 10) = 1
let V = if(abs(x) < 1, 0, 10)

eq schroedinger: -psi_xx/2 + V*psi = E*psi
on x = -5, x = 5: psi = 0
constraint norm: integral(psi^2, x) = 1
