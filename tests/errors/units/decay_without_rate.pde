coord x [m] in [0, 1]
field c(x) [mol/m^3]
param D [m^2/s] = 1e-9
eq D*c_xx = 1e-9[mol/(m^3*s)]*exp(-5*x)
on x = 0, x = 1: c = 0
