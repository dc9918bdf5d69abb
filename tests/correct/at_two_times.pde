# Conditions in time may be at its beginning and at its end.
time t in [0, 1]
field u(t)
eq u_tt = -u
initial u = 0
at t = 1: u = sin(1)
