# Small, but with everything that training needs.
coord x in [0, 1]
param k = 2
field u(x)
eq decay: u_x = -k*u + heaviside(x - 1/2)
on x = 0: u = 1
