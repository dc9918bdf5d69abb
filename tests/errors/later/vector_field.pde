coord x in [0, 1]
time t in [0, 1]
field v(x, t) in R^2
field psi(x, t) in C
eq v.x = 0
