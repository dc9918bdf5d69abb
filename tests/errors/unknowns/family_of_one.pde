param Re over [100, 100]
coord x in [0, 1]
field u(x)
eq u_xx = Re*u
on x = 0, x = 1: u = 1
