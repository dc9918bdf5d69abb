coord x in [0, 1]
field w(x)
eq w_xxxx = 1
on x = 0: w = 0
on x = 0: w_x = 0
on x = 1: w_xx = 0, w_xxx = 0
