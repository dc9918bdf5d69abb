coord x in [0, 1]
field w(x)
eq w_xxxx = cos(2*pi*x)
on x = 0, x = 1: w_xx = 0
on x = 0, x = 1: w_xxx = 0
