problem "A cantilever that hangs by its weight"
coord x in [0, 1]
field w(x)
param EI = 2
minimize integral(EI*w_xx^2/2 - w, x)
on x = 0: w = 0
on x = 0: w_x = 0
