problem "A membrane in polar coordinates"
coord r in [0, 1]
coord phi in [0, 2*pi]
time t in [0, 1]
field u(r, phi, t)
eq u_tt = u_rr + u_r/r + u_{phi phi}/r^2
initial u = (1 - r^2)*r*cos(phi)
initial u_t = 0
on r = 1: u = 0
periodic phi
