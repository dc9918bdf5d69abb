coord x in [0, 1]
field u(x)
field unknown k(x)
eq d(k*u_x, x) = 1
on boundary: u = 0
observe u from "sensors.csv" (x, u)
