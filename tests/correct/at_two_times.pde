# Conditions in time may be at its beginning, at its end and between.
time t in [0, 1]
field u(t)
field x(t)
field v(t)
eq u_tt = -u
eq x_t = v
eq v_t = -x
initial u = 0
at t = 1: u = sin(1)
initial x = 0
at t = 1/2: x = 1
