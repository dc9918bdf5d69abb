coord x in [-1, 1]
time t in [0, 1]
field u(x, t)
eq u_t + u*u_x = 0
initial u = if(x < -0.2, 1, 0)
on x = -1: u = 1
exact u = if(x < t/2 - 0.2, 1, 0)
