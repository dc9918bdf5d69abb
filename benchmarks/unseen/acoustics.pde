# A first-order system: sound in a tube that is closed on the left and open on the right.

problem "Sound in a tube"

coord x in [0, 2]
time  t in [0, 5]
field p(x, t)
field v(x, t)
let k = 3*pi/4

eq mass: p_t + v_x = 0
eq momentum: v_t + p_x = 0
initial p = cos(k*x)
initial v = 0
on x = 0: v = 0
on x = 2: p = 0

exact p = cos(k*x)*cos(k*t)
exact v = sin(k*x)*sin(k*t)
