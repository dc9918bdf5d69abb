# Kovasznay flow: what the wind behind a grid of bars might do, one of the few exact solutions of the Navier-Stokes equations.
#
# Look for: pairs of eddies behind the bars, on the left, that fade downstream. Velocity and pressure share one network,
# and nothing but the equations ties them together.
#
# Along the inflow the exact pressure is constant; the last condition fixes this constant, which the equations leave
# open.

problem "Kovasznay flow, Reynolds number 20"

coord x in [-1/2, 1]
coord y in [-1/2, 3/2]
field v(x, y) in R^2
field p(x, y)
param Re = 20
let k = Re/2 - sqrt(Re^2/4 + 4*pi^2)
let along = 1 - exp(k*x)*cos(2*pi*y)
let across = k/(2*pi)*exp(k*x)*sin(2*pi*y)
let pressure = (1 - exp(2*k*x))/2

eq momentum: (v·∇)v = -∇p + 1/Re*∇²v
eq continuity: ∇·v = 0
on boundary: v.x = along
on boundary: v.y = across
on x = -1/2: p = pressure

exact v.x = along
exact v.y = across
exact p = pressure
