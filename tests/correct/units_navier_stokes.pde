problem "Water in a decaying Taylor-Green vortex"
coord x [mm], y [mm] in [0, 10]
time t [s] in [0, 1]
field v(x, y, t) in R^2 [mm/s]
field p(x, y, t) [mPa]
param rho [kg/m^3] = 998
param mu [mPa*s] = 1.0
let k = 2*pi/10[mm]
let U = 1[mm/s]
let decay = exp(-2*mu/rho*k^2*t)
eq momentum: v_t + (v·∇)v = -grad(p)/rho + mu/rho*laplacian(v)
eq mass: div(v) = 0
periodic x, y
constraint integral(p, x, y) = 0
initial v = (U*cos(k*x)*sin(k*y), -U*sin(k*x)*cos(k*y))
exact v = (U*cos(k*x)*sin(k*y)*decay, -U*sin(k*x)*cos(k*y)*decay)
exact p = -rho*U^2/4*(cos(2*k*x) + cos(2*k*y))*decay^2
