problem "Kuramoto-Sivashinsky equation: what grows at middle lengths is damped at short ones"

coord x in [0, 32*pi]
time  t in [0, 10]
field u(x, t)

eq u_t + u*u_x + u_xx + u_xxxx = 0
initial u = cos(x/16)*(1 + sin(x/16))
periodic x
