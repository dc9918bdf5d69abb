problem "Soliton of the nonlinear Schrödinger equation"
coord x in [-10, 10]
time t in [0, 1]
field psi(x, t) in C
eq i*psi_t + psi_xx/2 + |psi|²*psi = 0
initial psi = sech(x)*exp(i*x/2)
on boundary: psi = sech(x - t/2)*exp(i*(x/2 + 3*t/8))
exact psi = sech(x - t/2)*exp(i*(x/2 + 3*t/8))
