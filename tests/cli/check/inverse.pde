problem "Diffusivity from measurements"
coord x in [0, 1]
time t in [0, 1]
param Re over [100, 1000]
field u(x, t)
unknown k in (0, 10) = 1
eq heat: u_t = k*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
observe u from "sensors.csv" (x, t, Re, u) noise 0.01
constraint total: integral(u, x) = 1
