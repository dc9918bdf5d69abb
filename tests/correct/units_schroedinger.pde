problem "An electron in a box"
coord x [nm] in [0, 1]
time  t [fs] in [0, 2]
field psi(x, t) in C [nm^(-1/2)]
param hbar [J*s] = 1.054571817e-34
param m [kg] = 9.1093837e-31
let L = 1[nm]
let E = hbar^2*pi^2/(2*m*L^2)
eq wave: i*hbar*psi_t = -hbar^2/(2*m)*psi_xx
initial psi = sqrt(2/L)*sin(pi*x/L)
on x = 0, x = 1: psi = 0
exact psi = sqrt(2/L)*sin(pi*x/L)*(cos(E*t/hbar) - i*sin(E*t/hbar))
