# Prey and predators: a periodic orbit.
#
#   pdec train examples/lotka_volterra.pde
#
# Look for: two and a half periods, and u + v - 3 log(u) - 3/2 log(v), which does not change.
problem "Lotka and Volterra's equations"

time  t in [0, 10]
field u(t)
field v(t)

eq prey: u_t = 3/2*u - u*v
eq predators: v_t = u*v - 3*v
initial u = 1
initial v = 1

reference u from "data/lotka_volterra.csv" (t, u)
reference v from "data/lotka_volterra.csv" (t, v)
