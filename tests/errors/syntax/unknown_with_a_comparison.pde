coord x in [0, 1]
field u(x)
unknown k > 0
eq u_xx = k
on boundary: u = 0
on x = 0: u_x = 1
