time t in [0, 10]
field x(t)
param omega = 2
eq ẍ = -omega^2*x
initial x = 1
initial x_t = 0
