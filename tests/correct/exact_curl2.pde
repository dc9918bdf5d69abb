coord x, y in [0, 1]
field psi(x, y)
let v = curl(psi)
eq vorticity: -curl(v) = 2*pi^2*sin(pi*x)*sin(pi*y)*(-1)
on boundary: psi = 0
exact psi = sin(pi*x)*sin(pi*y)
