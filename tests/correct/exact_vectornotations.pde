coord x, y, z in [0, 1]
field u(x, y, z)
let a = (x, y*z, x*y)
let b = (y, z, x^2)
let c = a×b
let lhs = dot(c, a) + c·b + |a|² - a·a + inner(outer(a, b), outer(a, b)) - dot(a, a)*dot(b, b)
let tr = trace(grad(a)) - div(a)
let jj = dot(grad(b), a) - (a·∇)b
eq laplacian(u) + lhs + tr + dot(jj, jj) + div(curl(a)) + |curl(grad(x*y*z))|^2 = 0
on boundary: u = x + y + z
exact u = x + y + z
