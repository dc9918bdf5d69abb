problem "A call option, in the time that is left"

coord S in [0, 200]
time  tau in [0, 1]
field V(S, tau)
param r = 0.05
param sigma = 0.2
param K = 100

eq V_{tau} = sigma^2*S^2*V_SS/2 + r*S*V_S - r*V
initial V = max(S - K, 0)
on S = 0: V = 0
on S = 200: V = S - K*exp(-r*tau)
