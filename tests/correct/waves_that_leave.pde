problem "Waves that leave"

coord x in [0, 1]
time t in [0, 2]
field u(x, t)
eq u_tt = u_xx
initial u = exp(-100*(x - 0.5)^2)
initial u_t = 0
on x = 0: u_t - u_x = 0
on x = 1: u_t + u_x = 0
