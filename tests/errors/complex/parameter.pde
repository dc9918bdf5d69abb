coord x in [0, 1]
param k = 1 + i
field psi(x) in C
eq psi_xx + k^2*psi = 0
on boundary: psi = 1
