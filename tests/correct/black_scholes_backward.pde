problem "The price of an option, known when it expires"
coord S in [0, 200]
time  t in [0, 1]
field V(S, t)
param r = 0.05
param sigma = 0.2
eq V_t + sigma^2*S^2*V_SS/2 + r*S*V_S - r*V = 0
at t = 1: V = max(S - 100, 0)
on S = 0: V = 0
on S = 200: V = 200 - 100*exp(-r*(1 - t))
