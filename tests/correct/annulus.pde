problem "Laplace equation on an annulus"

coord r in [1, 2]
coord theta in [0, 2*pi]
field u(r, theta)

eq u_{r r} + u_r/r + u_{theta theta}/r^2 = 0
periodic theta
on r = 1: u = cos(theta)
on r = 2: u = 0

exact u = (4/r - r)/3*cos(theta)
