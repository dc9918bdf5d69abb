problem "Every plane shape, and what can be made of them"
coord x, y
param r = 0.2
let a = rectangle((0, 0), (4, 2)) union ellipse((0, 1), a = 1, b = 0.5)
let b = (a ∪ annulus((4, 1), inner = 0.5, outer = 1)) ∩ box((-1, 0), (5, 2))
let c = b ∖ disk((2, 1), r) minus polygon((0, 0), (1, 0), (0, 1))
let f = sector((2, 1), 1, 0, pi/2)
domain Omega = c intersect (f union rectangle((0, 0), (4, 2)))
field p(x, y)
field q(x, y) in R^2
eq darcy: q = -grad(p)
eq mass: div(q) = 0 in Omega
on boundary: p = x
