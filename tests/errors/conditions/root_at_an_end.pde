problem "A conductivity that vanishes too slowly to choose a solution"
coord x in [0, 1]
field u(x)
eq x*u_xx + 0.5*u_x = 1
on x = 1: u = 0
