coord x in [0, 1]
time  t in [0, 1]
field h(x, t)
eq film: h_t = h_xxxx
initial h = 1
on x = 0, x = 1: h_x = 0
on x = 0, x = 1: h_xxx = 0
