problem "Ginzburg landau"

coord x in [0, 20]
time t in [0, 5]
field A(x, t) in C
eq A_t = A + (1 + 2*i)*A_xx - (1 - i)*|A|^2*A
initial A = 0.1*exp(i*2*pi*x/20)
periodic x
