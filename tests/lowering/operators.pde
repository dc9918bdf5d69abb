# Precedence: + -, then * /, then a sign, then ^ from the right.
coord x in [1, 2]
field u(x)
eq -x^2^3 + 2^-x - (1 - (2 - x)) - -x*(-x)^2 = u_xx/(2*x/3)/(x + 1) * (+u)
on x = 1, x = 2: u = 1e-3 + .5 - 2.
