problem "Light between two mirrors, one of them forgotten"
coord x in [0, 1]
time  t in [0, 1]
field E(x, t)
field H(x, t)
eq faraday: H_t = -E_x
eq ampere:  E_t = -H_x
initial E = sin(pi*x)
initial H = 0
on x = 0: E = 0
