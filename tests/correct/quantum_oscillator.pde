problem "The ground state of an oscillator"
coord x in [-8, 8]
time t in [0, 1]
field psi(x, t) in C
eq i*psi_t = -psi_xx/2 + x^2/2*psi
initial psi = pi^-0.25*exp(-x^2/2)
on x = -8, x = 8: psi = 0
