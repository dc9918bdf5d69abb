problem "A clock"
time t in [0, 1]
field u(t)
eq u_t = 1
initial u = t
exact u = t
