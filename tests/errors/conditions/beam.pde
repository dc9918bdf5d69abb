coord x in [0, 1]
field w(x)
eq beam: w_xxxx = 1
on x = 0, x = 1: w = 0
on x = 0: w_x = 0
