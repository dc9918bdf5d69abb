coord x in [0, 1]
time t in [0, 1]
field psi(x, t) in C
eq 1j*psi_t = -psi_xx
initial psi = sin(pi*x)
on x = 0, x = 1: psi = 0
