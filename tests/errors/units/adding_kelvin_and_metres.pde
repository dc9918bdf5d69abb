coord x [m] in [0, 1]
field T(x) [K]
let shifted = T + x
eq shifted_xx = 1[K/m^2]
on x = 0, x = 1: T = 0
