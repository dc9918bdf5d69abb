# One solution for a whole range of diffusivities: nu is an input of the network.
#
#   pdec train examples/parametric_heat.pde
#   pdec eval runs/parametric_heat-0 --at nu=0.05
#
# Look for: the problem stays linear in u, so that a single least-squares solve covers the range; the error is that
# over all x, t and nu.
problem "Heat equation for a range of diffusivities"

coord x in [0, 1]
time  t in [0, 1]
param nu over [0.01, 0.1]
field u(x, t)

eq heat: u_t = nu*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0

exact u = exp(-nu*pi^2*t)*sin(pi*x)
