# Other interval, insulated on one side, cooled by the surroundings on the other.

problem "Heat that leaves through one end"

coord x in [0, 3]
time  t in [0, 4]
field u(x, t)
param alpha = 0.7
param k = 0.4
let h = k*tan(3*k)

eq heat: u_t = alpha*u_xx
initial u = cos(k*x)
on x = 0: u_n = 0
on x = 3: u_n = -h*u

exact u = exp(-alpha*k^2*t)*cos(k*x)
