coord x in [0, 1]
time t in [0, 1]
field psi(x, t) in C
eq re(psi_t) = -im(psi_xx)
initial psi = sin(pi*x)
on boundary: psi = 0
