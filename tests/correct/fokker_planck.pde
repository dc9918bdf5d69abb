problem "Fokker-Planck equation of an Ornstein-Uhlenbeck process"

coord x in [-5, 5]
time  t in [0, 1]
field rho(x, t)
param D = 0.5

let flux = -x*rho - D*rho_x

eq rho_t = -flux_x
initial rho = exp(-2*(x - 1)^2)*sqrt(2/pi)
on x = -5, x = 5: flux = 0
