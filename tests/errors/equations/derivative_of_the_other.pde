problem "Mass balance, written twice"
coord x, y in [0, 1]
field u(x, y)
field v(x, y)
eq mass: u_x + v_y = 0
eq twice: u_xx + v_xy = 0
on boundary: u = x
on boundary: v = -y
