coord x in [0, 1]
field u(x)
eq u_xx = 1
on x = 0, x = 1: u = 0
observe w from "sensors.csv" (x, w)
