problem "Stokes flow in a channel with an open end"

coord x in [0, 2]
coord y in [0, 1]
field u(x, y)
field v(x, y)
field p(x, y)

eq p_x = u_xx + u_yy
eq p_y = v_xx + v_yy
eq mass: u_x + v_y = 0
on x = 0: u = 4*y*(1 - y)
on x = 0: v = 0
on y = 0, y = 1: u = 0
on y = 0, y = 1: v = 0
on x = 2: u_x = 0
on x = 2: v_x = 0
on x = 2: p = 0

exact u = 4*y*(1 - y)
exact v = 0
exact p = 8*(2 - x)
