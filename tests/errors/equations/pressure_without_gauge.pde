coord x, y in [0, 1]
time  t in [0, 1]
field u(x, y, t)
field v(x, y, t)
field p(x, y, t)
eq u_t + u*u_x + v*u_y = -p_x + 0.01*(u_xx + u_yy)
eq v_t + u*v_x + v*v_y = -p_y + 0.01*(v_xx + v_yy)
eq u_x + v_y = 0
initial u = 0
initial v = 0
on x = 0, x = 1, y = 0, y = 1: u = 0
on x = 0, x = 1, y = 0, y = 1: v = 0
