coord x[3] in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t + sum(i, u_x[i]) = 0
initial u = sin(2*pi*x[1])
periodic x
