coord x in [0, 3]
field u(x)
eq u_xx + pi^2*u = 0
periodic x
exact u = sin(pi*x)
