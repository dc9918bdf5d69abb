problem "A call option"
coord S in [0, 200]
time tau in [0, 1]
field V(S, tau)
let K = 100
param r = 0.05
eq V_tau = 0.02*S^2*V_SS + r*S*V_S - r*V
initial V = (S - K)+
on S = 0: V = 0
on S = 200: V_SS = 0
