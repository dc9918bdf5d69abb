# Two substances that diffuse and react: a system has as many equations as fields.
#
#   pdec check FILE    what the compiler understood, or what is wrong
#   pdec train FILE    solves it; the result is in the folder runs

problem "Prey and predator on a line"

coord x in [0, 1]
time  t in [0, 5]
field u(x, t)
field v(x, t)
param D = 0.01

eq prey: u_t = D*u_xx + u*(1 - v)
eq predator: v_t = D*v_xx + v*(u - 1)

# Each field has its own initial value.
initial u = 1 + 0.5*cos(pi*x)
initial v = 1

# Nothing enters or leaves.
on x = 0, x = 1: u_x = 0
on x = 0, x = 1: v_x = 0
