problem "A square plate with one hot side"

coord x, y in [0, 1]
field T(x, y)
eq T_xx + T_yy = 0
on x = 0, x = 1, y = 0: T = 20
on y = 1: T = 100
