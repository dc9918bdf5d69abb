coord S in [0, 200]
time  t in [0, 1]
field V(S, t)
eq V_t + 0.02*S^2*V_SS + 0.05*S*V_S - 0.05*V = 0
initial V = max(S - 100, 0)
on S = 0: V = 0
on S = 200: V = 200 - 100*exp(-0.05*t)
