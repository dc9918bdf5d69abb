# A pulse that is carried along and spreads, with values on the boundary that are not zero.

problem "A pulse on its way"

coord x in [0, 4]
time  t in [0, 2]
field u(x, t)
param speed = 1
param D = 0.02
let width = 0.1 + 4*D*t
let pulse = sqrt(0.1/width)*exp(-(x - 1 - speed*t)^2/width)

eq transport: u_t + speed*u_x = D*u_xx
initial u = exp(-10*(x - 1)^2)
on x = 0, x = 4: u = pulse

exact u = pulse
