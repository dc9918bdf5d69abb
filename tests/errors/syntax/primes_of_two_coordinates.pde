coord r in [1, 2]
time t in [0, 1]
field u(r, t)
eq u_t = u''
initial u = 0
on boundary: u = 0
