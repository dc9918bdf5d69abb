coord x in [-20, 20]
time t in [0, 1]
field u(x, t)
eq kdv: u_t + 6*u*u_x + u_xxx = 0
initial u = sech(x/2)^2/2
on x = -20, x = 20: u = 0
on x = 20: u_x = 0
exact u = sech((x - t)/2)^2/2
