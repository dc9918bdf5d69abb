# Subscripts in braces, and coordinates of more than one letter.
coord r in [1, 2]
coord theta in [0, 2*pi]
periodic theta
field u(r, theta)
eq laplace: u_rr + u_r/r + u_{theta theta}/r^2 = 0
on r = 1: u = cos(theta)
on r = 2: u_r = -u
