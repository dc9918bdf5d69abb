# Declarations may come in any order, and the period in closed form.
eq u_tt = 4*u_xx
periodic x
initial u = sin(x) initial u_t = 0
field u(x, t)
coord x in [0, 2*pi]
time t in [0, 1]
