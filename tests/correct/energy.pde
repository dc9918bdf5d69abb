problem "A membrane under a load"
coord x, y in [0, 1]
field u(x, y)
let load = 1
minimize total: integral(|grad(u)|^2/2 - load*u, x, y)
on boundary: u = 0
