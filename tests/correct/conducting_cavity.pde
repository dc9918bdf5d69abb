# Time-harmonic waves in a conducting box: the field is complex, and what the normal takes away of n×E says nothing.
coord x in [0, 1]
coord y in [0, 1]
coord z in [0, 1]
field E(x, y, z) in C^3

eq curl(curl(E)) - 4*E = (1, 0, 0)

on boundary: n×E = 0
