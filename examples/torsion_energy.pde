# Torsion of a square bar: what is made as small as can be is an energy.
#
#   pdec train examples/torsion_energy.pde
#
# Look for: the Euler-Lagrange equation -u_xx - u_yy - 1 = 0, which pdec check shows and which is trained. The series gives
# u(0.5, 0.5) = 0.0736714, and twice the integral of u is 0.0702885.
problem "Torsion of a square bar"

coord x, y in [0, 1]
field u(x, y)

minimize energy: integral(|grad(u)|^2/2 - u, x, y)
on boundary: u = 0
