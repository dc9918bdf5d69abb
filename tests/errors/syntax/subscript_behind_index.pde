coord x, y in [0, 1]
time t in [0, 1]
field v(x, y, t) in R^2
eq v[1]_t = laplacian(v[1])
eq d(v[2], t) = laplacian(v[2])
initial v = (0, 0)
on boundary: v = (0, 0)
