# The focusing nonlinear Schroedinger equation: two solitons in one, a pulse that breathes.
#
#   pdec train examples/nls.pde
#
# Look for: the pulse is narrowest and four times as high as a single one at t = pi/4, and itself again, turned, at t = pi/2.
problem "Nonlinear Schroedinger equation"

coord x in [-15, 15]
time  t in [0, pi/2]
field psi(x, t) in C

eq i*psi_t + psi_xx/2 + |psi|^2*psi = 0
initial psi = 2*sech(x)
periodic x
