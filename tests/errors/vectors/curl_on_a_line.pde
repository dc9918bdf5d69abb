coord x in [0, 1]
time t in [0, 1]
field B(x, t)
eq curl(B) = 0
initial B = 0
on x = 0: B = 0
