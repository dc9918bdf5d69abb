problem "Gas in a tube"

coord x in [0, 1]
time t in [0, 0.2]
field rho(x, t)
field m(x, t)
field E(x, t)
param gamma = 1.4
let p = (gamma - 1)*(E - m^2/rho/2)
eq rho_t + m_x = 0
eq m_t + d(m^2/rho + p, x) = 0
eq E_t + d((E + p)*m/rho, x) = 0
initial rho = if(x < 0.5, 1, 0.125)
initial m = 0
initial E = if(x < 0.5, 1, 0.1)/(gamma - 1)
on x = 0, x = 1: rho_x = 0
on x = 0, x = 1: m = 0
on x = 0, x = 1: E_x = 0
