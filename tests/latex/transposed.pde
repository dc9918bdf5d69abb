problem "A gradient transposed, not that of the transposed"
coord x, y in [0, 1]
field v(x, y) in R^2
eq div(grad(v) + transpose(grad(v))) = (1, 1)
on boundary: v = (0, 0)
