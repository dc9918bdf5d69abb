problem "A beam of light from plane to plane"
coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_tt = u_xx
on boundary: u = 0
at t = 0: u = sin(pi*x)
at t = 0: u_t = 0
