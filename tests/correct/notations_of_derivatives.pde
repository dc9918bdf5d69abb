problem "The same derivative, many times"
coord x, theta in [0, 2*pi]
time t in [0, 1]
field u(x, theta, t)
let q = -d(u, x)
let square(w) = d(w^2/2, x)
eq ∂_t u + u_{theta}*0 = -q_x + u_{theta theta} + 0*square(u) + 0*d(u, x, 2, theta) + 0*∂_x(u*∂_theta u) + 0*(u_xt - u_tx)
initial u = sin(x)
periodic x, theta
exact u = exp(-t)*sin(x)
