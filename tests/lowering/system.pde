problem "Coupled reaction"
coord x in [0, 2*pi]
time t in [0, 1]
field u(x, t)
field v(x, t)
param D = 0.1
periodic x
eq u_t = D*u_xx - u*v
eq predator: v_t = D*v_xx + u*v
initial u = 1 + cos(x)/2
initial v = 1
reference u from "reaction.npz" (x, t, u)
reference v from "reaction.npz" (x, t, v)
train {
  network = mlp(width = 64, depth = 4) precision = f64
  points = [interior = 4096, boundary = 512, initial = 256]
  optimizer = [adam(steps = 1000, lr = 1e-3), gauss_newton(steps = 200)]
  regions = [(0.01, 3), (-0.05, 5)]
  log = "run.txt"
}
