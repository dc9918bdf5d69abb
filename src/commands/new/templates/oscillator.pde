# A damped oscillator: an ordinary differential equation in time.
#
#   pdec check FILE    what the compiler understood, or what is wrong
#   pdec train FILE    solves it; the result is in the folder runs

problem "Damped oscillator"

time  t in [0, 10]
field q(t)
param omega = 2
param delta = 0.1

# The frequency that is left by the damping.
let nu = sqrt(omega^2 - delta^2)

eq oscillator: q_tt + 2*delta*q_t + omega^2*q = 0

# Position and velocity at the beginning.
initial q = 1
initial q_t = -delta

# Where the solution is known it is checked, and training is measured against it. Remove it where it is not.
exact q = exp(-delta*t)*cos(nu*t)
