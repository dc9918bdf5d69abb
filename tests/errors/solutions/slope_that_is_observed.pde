coord x in [0, 1]
time t in [0, 1]
field u(x, t)
unknown D in (0, 1) = 0.1
eq u_t = D*u_xx
initial u = sin(pi*x)
on boundary: u = 0
observe u_x from "meas.csv" (x, t, slope)
