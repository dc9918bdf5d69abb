problem "Everything that can be declared"
coord x [mm], y [m] in [0, 1]
coord z[100] in [-1, 1]
coord w
coord a, b[3] [m/s]
time t [s] in [0, 1]
time s
field u(x, t)
field v(x, y, t) in R^2 [m/s]
field psi(x, t) in C
field chi(x, t) in C^2
field phi(x) in R
field f(x) in ℝ^2
field g(x) in ℝ² [K]
field h(x) in ℂ
field q(x) [W/m^2]
param nu [m^2/s] = 0.01
param nu = 0.01[m^2/s]
param Re over [100, 1000]
param Re [1] over [100, 1000]
unknown k
unknown k = 1
unknown k in (0, 10) = 1
unknown k [W/(m*K)] in [0, 10]
unknown field k(x) in (0, 10)
unknown field k(x, y) [m] = 2
let c = 2*pi
let flux(w) = w^2/2
let plate = rectangle((0, 0), (2, 1))
let hole = disk((1, 0.5), radius = 0.1)
domain Omega = plate \ hole
boundary inlet = plate.left
boundary walls = rest
boundary tip = hole where y > 0.2
boundary top = rest where 0 < x <= 1
eq u_t = u_xx
eq heat: u_t = u_xx in solid
initial u = sin(pi*x)
at t = 1: u = 0
on x = 0, walls, boundary: u = 0
on boundary: u_n = 0
periodic x, y
exact u = 0
exact v.x = sin(x)
manufactured u = sin(x)
manufactured v.y = 0
reference u from "f.npz" (x, t, u)
reference v.x from "f.npz" (x, t, vx)
observe u from "s.csv" (x, t, u)
observe v.x from "s.csv" (x, time, on) noise 0.01
minimize integral(|∇u|^2/2 - f*u, Omega)
minimize energy: integral(u, x)
constraint integral(p, Omega) = 0
constraint mass: integral(psi^2, x) = 1
train { windows = 5 }
