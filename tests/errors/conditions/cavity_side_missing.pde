problem "Light in a box of conducting walls, two of them open"
coord x, y in [0, 1]
time  t in [0, 1]
field E(x, y, t) in R^2
field B(x, y, t)
eq faraday: B_t = -curl(E)
eq ampere:  E_t = curl(B)
initial E = (0, sin(pi*x))
initial B = 0
on x = 0, x = 1: E.y = 0
