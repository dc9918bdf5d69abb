coord x, y in [0, 1]
time t in [0, 1]
field u(x, y, t)
eq u_t = -(u_xxxx - 5*u_xxyy + u_yyyy)
initial u = 0
periodic x, y
