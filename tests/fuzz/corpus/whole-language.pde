problem "Everything"
coord x, y in [0, 1]
coord z[3] in [-1, 1]
time t [s] in [0, 1]
field v(x, y, t) in R^2 [m/s]
field psi(x, t) in C
param Re over [100, 1000]
param nu [m^2/s] = 0.01/pi
unknown k in (0, 10) = 1
unknown field c(x) in (0, 10)
let flux(w) = w^2/2
let plate = rectangle((0, 0), (2, 1))
domain Omega = plate minus disk((1, 0.5), radius = 0.1)
boundary inlet = plate.left
boundary walls = rest
boundary tip = hole where y > 0.2
eq momentum: ∂_t v + (v·∇)v = -∇p + ∇²v/Re in solid
eq i*psi_t = -psi_xx/2 + |psi|²*psi
eq d(flux(u), x, 2) + sum(i, d(u, z[i], 2)) + u_{x t} = curl(v) + div(v) + v.x × v.y
initial v = (0, sin(pi*x))
at t = 1: u = 0
on inlet, x = 0: v_n = -(v - 1.5[m/s])
on boundary: u = 0
periodic x, y
interface on gamma: jump(u) = 0
exact v.x = 0
manufactured u = sin(x)*exp(-t)
reference v.y from "ref.npz" (x, y, t, vy)
observe u from "sensors.csv" (x, t, u) noise 0.01
minimize bending: integral(|∇u|^2/2 - f*u, Omega)
constraint integral(p, Omega) = 0
train {
  network = propinn(width = 64, depth = 4, regions = [(0.01, 3), (0.05, 5)])
  optimizer = [adam(steps = 1000, lr = 1e-3), gauss_newton(steps = 200)]
}
