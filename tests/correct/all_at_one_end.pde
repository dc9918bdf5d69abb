problem "Airy's equation from one end"
coord x in [0, 2]
field y(x)
eq y_xx = x*y
on x = 0: y = 1
on x = 0: y_x = 0
