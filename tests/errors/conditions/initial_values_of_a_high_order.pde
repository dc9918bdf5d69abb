time t in [0, 1]
field u(t)
eq d(u, t, 10) = -u
initial u = 1
