# A steel rod that was heated in its middle cools into its two ends, which are kept at 300 K.
#
# Everything is in units: the compiler infers the dimension of every expression, refuses the file where two sides do
# not agree (try `param alpha [m/s]`), and hands the network inputs and outputs of order one, so that the rod is as
# easy as `heat.pde`, its twin without units. Only the declared units differ from the SI: x is in millimetres.
#
# Look for: the hundred kelvin above the ends decay to 31, as sharp as in the problem without units.
problem "A steel rod"

coord x [mm] in [0, 100]
time  t [s] in [0, 100]
field T(x, t) [K]

param alpha [m^2/s] = 1.2e-5
let L = 100[mm]
let cold = 300[K]
let hot = 100[K]

eq heat: T_t = alpha*T_xx

initial T = cold + hot*sin(pi*x/L)
on x = 0, x = 100: T = cold

exact T = cold + hot*exp(-alpha*(pi/L)^2*t)*sin(pi*x/L)
