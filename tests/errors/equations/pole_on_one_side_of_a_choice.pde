coord x in [0, 1]
field u(x)
eq u_xx = if(x < 0.3, 1/(0.3 - x), 2)
on boundary: u = 0
