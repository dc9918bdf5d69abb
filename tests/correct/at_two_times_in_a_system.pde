# A condition between the ends of time in place of another field's initial value.
time t in [0, 1]
field x(t)
field v(t)
eq x_t = v
eq v_t = -x
initial x = 0
at t = 1/2: x = 1
