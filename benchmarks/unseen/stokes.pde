# Slow flow with a force, the pressure given on one side.

problem "Stokes flow in a box"

coord x in [0, 2]
coord y in [0, 1]
field v(x, y) in R^2
field p(x, y)
param nu = 0.3

eq momentum: -nu*∇²v + ∇p = 0
eq continuity: ∇·v = 0
on boundary: v = 0
on x = 0: p = 0
manufactured v = (sin(pi*x/2)^2*sin(2*pi*y), -sin(pi*x)*sin(pi*y)^2/2)
manufactured p = x*cos(pi*y)
