# A string with its first and fourth mode, wave speed 2: the other standard test beside wave3.
#
# Look for: the fourth mode swings four times while the first swings once, so the picture is no longer symmetric about
# the middle of the string. Whatever is lost from one time window to the next shows first in the fast mode.

problem "Vibrating string, first and fourth mode"

coord x in [0, 1]
time  t in [0, 1]
field u(x, t)
param c = 2

eq wave: u_tt = c^2*u_xx
initial u = sin(pi*x) + sin(4*pi*x)/2
initial u_t = 0
on x = 0, x = 1: u = 0

exact u = sin(pi*x)*cos(c*pi*t) + sin(4*pi*x)*cos(4*c*pi*t)/2
