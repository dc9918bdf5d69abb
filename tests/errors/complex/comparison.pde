coord x in [-5, 5]
time t in [0, 1]
field psi(x, t) in C
eq i*psi_t = -psi_xx/2 + if(psi < 1, 1, 0)*psi
initial psi = exp(-x^2)
on x = -5, x = 5: psi = 0
