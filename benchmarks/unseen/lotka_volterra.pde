# Two coupled ordinary differential equations over two periods, with sharp peaks.
#
# lotka_volterra.py made the reference: DOP853 and Radau agree to 2e-13.

problem "Hares and lynxes"

time  t in [0, 12]
field hares(t)
field lynxes(t)

eq prey: hares_t = 1.5*hares - hares*lynxes
eq predator: lynxes_t = hares*lynxes - 2*lynxes
initial hares = 1
initial lynxes = 0.4

reference hares from "lotka_volterra.npz" (t, hares)
reference lynxes from "lotka_volterra.npz" (t, lynxes)
