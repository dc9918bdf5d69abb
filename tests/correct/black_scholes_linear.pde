problem "A call option whose value is linear far out"

coord S in [0, 300]
time  tau in [0, 1]
field V(S, tau)

eq V_{tau} = 0.02*S^2*V_SS + 0.05*S*V_S - 0.05*V
initial V = max(S - 100, 0)
on S = 0: V = 0
on S = 300: V_SS = 0
