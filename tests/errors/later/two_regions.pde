coord x in [0, 1]
field u(x)
let left = interval(0, 0.5)
let right = interval(0.5, 1)
eq 2*u_xx = 1 in left
eq u_xx = 1 in right
on boundary: u = 0
