# Biharmonic, clamped on all sides.

problem "A clamped plate under a load"

coord x in [0, 1]
coord y in [0, 2]
field w(x, y)

eq plate: ∇²(∇²w) = 0
on boundary: w = 0
on boundary: w_n = 0
manufactured w = sin(pi*x)^2*sin(pi*y/2)^2
