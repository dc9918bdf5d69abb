# Convection at speed 50: a wave that goes around the circle eight times.
#
# Look for: straight stripes. This is the classic failure of physics-informed networks: trained on the whole time
# interval at once, the loss falls to 1e-6 while the solution fades to zero a little after t = 0, an error of 1. Time
# windows carry the wave on; set `windows = 1` in a train block to see the failure.

problem "Fast convection"

coord x in [0, 2*pi]
time  t in [0, 1]
field u(x, t)
param beta = 50

eq convection: u_t + beta*u_x = 0
initial u = sin(x)
periodic x

exact u = sin(x - beta*t)
