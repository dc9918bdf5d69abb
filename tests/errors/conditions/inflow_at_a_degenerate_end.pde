problem "Diffusion ends at x = 0, but what is carried comes in there"
coord x in [0, 1]
time t in [0, 1]
field u(x, t)
eq u_t = x^2*u_xx - u_x
initial u = 1
on x = 1: u = 0
