coord x in [0, 1]
field u(x)
eq u_xx = 1 + log2(x + 1)*pi(x)
on boundary: u = 0
