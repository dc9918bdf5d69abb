coord x in [0, 1]
time t in [0, 1]
field u(x, t)
unknown field k(x) in (0, 10)
eq u_t = d(k*u_x, x)
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
observe u from "sensors.csv" (x, t, u)
