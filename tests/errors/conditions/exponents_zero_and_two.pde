problem "Both powers of a radius that solve the equation are smooth at the centre"
coord r in [0, 1]
field psi(r)
eq r*psi_rr - psi_r = r^3
on r = 1: psi = 0
