coord x in [0, 1]
field u(x)
eq u_xx = if(x < 0.5, 1/(1 - 2*x), 2)
on boundary: u = 0
