# a condition in the loss, a coefficient that varies
coord x in [0, 1]
field u(x)
eq (1 + x)*u_xx + u_x = exp(x)
on x = 0: u = 1
on x = 1: u_x = -2*u
train { network = mlp(width = 2, depth = 1, activation = sin) }
