problem "Heat in a disk, multiplied by the radius"

coord r in [0, 1]
time  t in [0, 1]
field u(r, t)

eq r*u_t = d(r*u_r, r)
initial u = 1 - r^2
on r = 0: u_r = 0
on r = 1: u = 0
