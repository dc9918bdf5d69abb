# Laplace equation in ten dimensions, with a harmonic polynomial on the boundary.
#
# Look for: the solution is a polynomial of degree two, and yet no grid could hold it: ten points to a side are ten
# thousand million. Points drawn at random know no dimension. Nearly all of a cube in ten dimensions lies close to its
# boundary, which is where the conditions are.

problem "Laplace equation in ten dimensions"

coord x[10] in [0, 1]
field u(x)
let pairs = x[1]*x[2] + x[3]*x[4] + x[5]*x[6] + x[7]*x[8] + x[9]*x[10]

eq laplace: -∇²u = 0
on boundary: u = pairs

exact u = pairs
