coord x in [0, 1]
field u(x)
eq heat: u_xx = 1
on x = 0, x = 1: u_n = 1
