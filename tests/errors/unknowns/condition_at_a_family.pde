param Re over [100, 1000]
coord x in [0, 1]
field u(x)
eq u_xx = Re*u
on x = 0, x = 1: u = 1
on Re = 100: u = 0
