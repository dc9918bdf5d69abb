# The right-going and the left-going wave are given at each other's ends.
coord x in [0, 1]
time  t in [0, 1]
field r(x, t)
field l(x, t)
eq r_t + r_x = -(r - l)
eq l_t - l_x = r - l
initial r = exp(-50*(x - 0.5)^2)
initial l = 0
on x = 1: r = 0
on x = 0: l = 0
