coord x in [0, 1]
field u(x)
eq u_xx = np.sin(x)
on boundary: u = 0
