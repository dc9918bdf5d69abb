problem "A call option, whose equation needs nothing where the price is zero"
coord S in [0, 200]
time tau in [0, 1]
field V(S, tau)
param r = 0.05
param sigma = 0.2
eq V_tau = sigma^2*S^2*V_SS/2 + r*S*V_S - r*V
initial V = max(S - 100, 0)
on S = 200: V_S = 1
