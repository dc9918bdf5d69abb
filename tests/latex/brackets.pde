# Where brackets, dots and fractions are needed, and where they are not.
coord x in [1, 2]
coord y in [-pi, pi/2]
field u(x, y)
eq a: u_xx = (x + 1)*(x - 1) - (x - y) - -x + x*-y - (x + y)/2 + 2*3*x*4^2
  + 2*(-3) + -x*y + (-x)^2 + (y/x)^2 + x^(y/2) + y/x/2
on x = 1: u = sin(x)^2 + sin(x^2)^y + sin(x/2) + exp(-x^2)^2 + sqrt(x)^2 + |x/2| + |x|
on x = 2: u_x^2 = sech(x)*atan(y)*erf(x)*sign(x)*heaviside(y)*log(x) + min(x, max(y, 2))*abs(x)
on y = -pi: u_y = 2^-x*10^2 + (2*x)^2 + 2*x^2 - e^(x + 1) + 1e-9*x + 3e20^2
eq b: v_yy = u + d(u*v, x, y)/(1 + x)
field v(x, y)
on x = 1, x = 2, y = -pi, y = pi/2: v = 0
on y = pi/2: u = 0
