problem "What the file leaves out follows from what it says"
coord x [m] in [0, 1]
time  t in [0, 10[s]]
field c(x, t) [mol/m^3]
# velocity, diffusivity and rates get m/s, m^2/s, 1/s and m^3/(mol*s)
param v = 0.1
param D = 1e-3
param k1 = 0.2
param k2 = 0.01
let flux = v*c - D*c_x
eq transport: c_t = -flux_x - k1*c - k2*c^2
initial c = exp(-50*x/1[m])*1[mol/m^3]
on x = 0: c = 1[mol/m^3]
on x = 1: c_x = 0
