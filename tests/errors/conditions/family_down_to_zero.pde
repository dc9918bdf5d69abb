coord x in [0, 1]
param Re over [0, 20]
field u(x)
eq Re*u_x = u_xx/Re
on x = 0: u = 0
on x = 1: u = 1
