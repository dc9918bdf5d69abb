problem "A magnet's vector potential, without a gauge"
coord x, y, z in [0, 1]
field A(x, y, z) in R^3
eq curl(curl(A)) = (0, 0, sin(pi*x)*sin(pi*y))
on boundary: A = 0
