coord rho in [0, 2]
field phi(rho)
eq d(rho^2*phi_{rho}, rho)/rho^2 = exp(-rho)
on rho = 0: phi_{rho} = 0
on rho = 2: phi = 0
