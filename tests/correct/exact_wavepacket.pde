coord x in [0, 2*pi]
time t in [0, 1]
field psi(x, t) in C
let k = 3
eq schroedinger: i*psi_t = -psi_xx/2
initial psi = exp(i*k*x)
periodic x
exact psi = exp(i*(k*x - k^2*t/2))
