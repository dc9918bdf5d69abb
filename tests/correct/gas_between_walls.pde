# At a wall two of the three waves of a gas stand still, and need no condition.
coord x in [0, 1]
time  t in [0, 1]
field rho(x, t)
field u(x, t)
field s(x, t)
eq mass: rho_t + d(rho*u, x) = 0
eq momentum: u_t + u*u_x + d(s*rho^1.4, x)/rho = 0
eq entropy: s_t + u*s_x = 0
initial rho = 1 + 0.1*cos(pi*x)
initial u = 0
initial s = 1
on x = 0, x = 1: u = 0
