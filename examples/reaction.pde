# Logistic growth at every place of its own: u grows to 1, first where it began highest.
#
# Look for: two fronts that run outwards and steepen. The initial bump is not quite periodic (its slope jumps by 3e-3
# where the circle closes) while the network is, exactly; that seam at x = 0 is where the remaining error is.

problem "Reaction"

coord x in [0, 2*pi]
time  t in [0, 1]
field u(x, t)
param rho = 5
let bump = exp(-(x - pi)^2/(2*(pi/4)^2))

eq reaction: u_t = rho*u*(1 - u)
initial u = bump
periodic x

exact u = bump*exp(rho*t)/(bump*exp(rho*t) + 1 - bump)
