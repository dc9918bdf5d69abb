coord x in [0, 1]
field u(x)
minimize integral(u_x^2/2 - u, Omega)
constraint integral(u, x) = 0
observe u from "data.csv" (x, u) noise 0.01
manufactured u = sin(pi*x)
param Re over [100, 1000]
at t = 1: u = 0
eq u_xx = 1 in solid
