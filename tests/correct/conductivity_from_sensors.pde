problem "How well does this rod conduct?"
coord x in [0, 1]
time t in [0, 0.5]
field u(x, t)
unknown alpha in (0, 10) = 1
eq u_t = alpha*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
observe u from "sensors.csv" (x, t, u) noise 0.01
