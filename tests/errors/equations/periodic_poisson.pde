coord x in [0, 2*pi]
field phi(x)
eq phi_xx = -sin(x)
periodic x
