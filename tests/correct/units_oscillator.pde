problem "A mass on a spring in oil"
time t [s] in [0, 2]
field z(t) [cm]
param mass [g] = 250
param damping [N*s/m] = 0.5
param stiffness [N/m] = 40
eq newton: mass*z_tt + damping*z_t + stiffness*z = 0
initial z = 3[cm]
initial z_t = 0
