problem "Kovasznay flow, the pressure given where the flow enters"

coord x in [-0.5, 1]
coord y in [-0.5, 1.5]
field u(x, y)
field v(x, y)
field p(x, y)
param nu = 1/40

let lam = 1/(2*nu) - sqrt(1/(4*nu^2) + 4*pi^2)
let U = 1 - exp(lam*x)*cos(2*pi*y)
let V = lam/(2*pi)*exp(lam*x)*sin(2*pi*y)
let P = (1 - exp(2*lam*x))/2

eq u*u_x + v*u_y = -p_x + nu*(u_xx + u_yy)
eq u*v_x + v*v_y = -p_y + nu*(v_xx + v_yy)
eq u_x + v_y = 0
on x = -0.5, x = 1: u = U
on x = -0.5, x = 1: v = V
on y = -0.5, y = 1.5: u = U
on y = -0.5, y = 1.5: v = V
on x = -0.5: p = P

exact u = U
exact v = V
exact p = P
