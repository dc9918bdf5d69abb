coord x in [-1, 1]
field u(x)
eq u_xx = 0
on x = -1: jump(u) = 0
on x = 1: u = 1
