problem "Two substances that react in a disk"
coord r in [0, 1]
time t in [0, 1]
field a(r, t)
field b(r, t)
eq a_t = a_rr + a_r/r - a*b
eq b_t = 2*(b_rr + b_r/r) + a*b
initial a = 1
initial b = 1 - r^2
on r = 1: a_r = 0
on r = 1: b = 0
