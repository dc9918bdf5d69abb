problem "Two layers in contact"
coord x in [-1, 1]
field u(x)
let k = if(x < 0, 1, 2)
eq d(k*u_x, x) = 0
on x = -1: u = 0
on x = 1: u = 3
