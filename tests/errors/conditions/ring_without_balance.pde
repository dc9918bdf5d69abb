problem "A ring that is heated inside and out"
coord r in [1, 2]
field T(r)
param q over [1, 3]
eq d(r*T_r, r)/r = -2
on r = 1: -T_r = q
on r = 2: T_r = -3
