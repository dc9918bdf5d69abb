problem "Everything that complex numbers can do"
coord x in [0, 2*pi]
time t in [0, 1]
field psi(x, t) in C
let density = |psi|^2
let current = im(conj(psi)*psi_x)
let phase = exp(i*x)*cos(i*t)
eq i*psi_t = -psi_xx + (density + 0*current)*psi + 0*phase/(1 + i)*psi^2 + 0*re(psi) + 0*psi.im
initial psi = exp(i*x)
periodic x
exact psi = exp(i*(x - 2*t))
