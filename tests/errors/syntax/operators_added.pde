coord x in [0, 1]
field u(x)
param k = 2
eq (∇² + k²)u = 1
on x = 0, x = 1: u = 0
