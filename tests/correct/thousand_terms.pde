# A sum over the components of the point, of as many terms as there are coordinates.
coord x[400] in [0, 1]
field u(x)
eq sum(i, x[i]*d(u, x[i])) = 400*u
on x[1] = 1: u = 1
