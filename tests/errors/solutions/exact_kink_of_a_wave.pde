coord x in [-2, 2]
time t in [0, 1]
field u(x, t)
eq u_tt = u_xx
initial u = abs(x)
initial u_t = sign(x)
on x = -2: u = abs(t - 2)
on x = 2: u = t + 2
exact u = abs(x + t)
