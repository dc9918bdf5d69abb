coord x, y in [0, 1]
time t in [0, 1]
field u(x, y, t)
eq u_t = ∇·u*∇u
initial u = sin(pi*x)*sin(pi*y)
on x = 0, x = 1, y = 0, y = 1: u = 0
