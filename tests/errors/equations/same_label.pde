coord x in [0, 1]
field u(x)
field v(x)
eq flow: u_xx = v
eq flow: v_xx = u
on x = 0, x = 1: u = 0
on x = 0, x = 1: v = 0
