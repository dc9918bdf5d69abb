coord x [m]
coord y in [0, 1] [m]
field T(x, t) [K]
let U = 1.5[m/s]
