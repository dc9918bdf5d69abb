problem "A clamped steel beam under its load"
coord x [m] in [0, 2]
field w(x) [mm]
param E [GPa] = 210
param I [cm^4] = 171
param q [kN/m] = 1.5
eq bending: E*I*w_xxxx = q
on x = 0: w = 0
on x = 0: w_x = 0
on x = 2: E*I*w_xx = 0
on x = 2: E*I*w_xxx = 0
exact w = q/(24*E*I)*x^2*(6*(2[m])^2 - 4*2[m]*x + x^2)
