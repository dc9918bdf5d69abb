coord x in [0, 1]
time t in [0, 1]
field c(x, t)
unknown D in (0, 1) = 0.1
eq c_t = D*c_xx
initial c = sin(pi*x)
on boundary: c = 0
observe c from "meas.csv" (t, x, c)
