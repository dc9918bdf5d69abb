time t in [0, 1]
field u(t)
eq u_tt = -u
at t = 1/2: u = 1
