coord x in [0, 1]
field u(x)
let k = if(x < 0.5, 1, 2)
eq d(k*u_x, x) = 0
on x = 0: u = 0
on x = 1: u = 1
exact u = x
