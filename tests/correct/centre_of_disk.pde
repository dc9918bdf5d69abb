problem "A disk that cools, which chooses at its centre"
coord r in [0, 1]
time  t in [0, 1]
field u(r, t)
eq u_t = u_rr + u_r/r
initial u = 1 - r^2
on r = 1: u = 0
