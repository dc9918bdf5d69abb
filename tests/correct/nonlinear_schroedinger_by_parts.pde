problem "A focusing medium"
coord x in [-5, 5]
time t in [0, 1]
field h(x, t) in C
eq i*h_t + h_xx/2 + |h|^2*h = 0
initial h.re = 2*sech(x)
initial h.im = 0
periodic x
