# Helmholtz equation with one hump across and four along: the standard steady test.
#
# Look for: a regular pattern of two by eight humps. The right side is 167 times as large as the solution, and a
# network that is led by it learns the slow direction long before the fast one; second-order training does not mind.

problem "Helmholtz equation, modes 1 and 4"

coord x, y in [-1, 1]
field u(x, y)
let f = (1 - 17*pi^2)*sin(pi*x)*sin(4*pi*y)

eq helmholtz: ∇²u + u = f
on boundary: u = 0

exact u = sin(pi*x)*sin(4*pi*y)
