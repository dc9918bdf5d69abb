# Each wave is given where it flows in, one of them by what arrives of the other.
coord x in [0, 1]
time  t in [0, 1]
field r(x, t)
field l(x, t)
eq r_t + r_x = -(r - l)
eq l_t - l_x = r - l
initial r = exp(-200*(x - 0.5)^2)
initial l = 0
on x = 0: r = 0
on x = 1: l = r
