problem "A conductivity to be found, but from what?"
coord x in [0, 1]
field u(x)
unknown field k(x) in (0, 10)
eq d(k*u_x, x) = 1
on x = 0, x = 1: u = 0
