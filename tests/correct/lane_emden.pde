problem "A polytrope, up to a radius where its density is known"
coord xi in [0, 1]
field theta(xi)
eq theta_{xi xi} + 2*theta_xi/xi + theta^3 = 0
on xi = 1: theta = 0.855
