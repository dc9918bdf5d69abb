coord x, y in [0, 1]
time t in [0, 1]
field v(x, y, t) in R^2
eq v_t = laplacian(v)
initial v = 0
on boundary: v = 0
observe v from "piv.csv" (x, y, t, vx, vy)
