coord x in [-5, 5]
time t in [0, 1]
field psi(x, t) in C
eq i*psi_t = -psi_xx/2 - |psi|^2*psi
initial psi = 2*sech(x)
periodic x
