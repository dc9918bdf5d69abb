problem "A soliton of the Korteweg-de Vries equation"

coord x in [-10, 10]
time  t in [0, 1]
field u(x, t)

eq u_t + 6*u*u_x + u_xxx = 0
initial u = 2*sech(x)^2
on x = -10, x = 10: u = 0
on x = 10: u_x = 0
