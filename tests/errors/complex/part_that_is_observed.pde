coord x in [0, 1]
time t in [0, 1]
field psi(x, t) in C
unknown k in (0, 2) = 1
eq i*psi_t = -k*psi_xx
initial psi = sin(pi*x)
on boundary: psi = 0
observe re(psi) from "sensors.csv" (x, t, psi)
