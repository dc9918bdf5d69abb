coord x, y in [0, 1]
field u(x, y)
let q = -grad(u)
eq div(q) = 0
on x = 0: dot(q, n) = y
on x = 1: u_n = y
on y = 0: u_n + 2*u = -x
on y = 1: u = x
exact u = x*y
