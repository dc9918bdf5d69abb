# Heat conduction in a rod: a field that spreads. Change what you need; `#` begins a comment.
#
#   pdec check FILE    what the compiler understood, or what is wrong
#   pdec train FILE    solves it; the result is in the folder runs

problem "Heat conduction in a rod"

# Where: an interval of space and one of time.
coord x in [0, 1]
time  t in [0, 0.5]

# What is unknown, and what is given; `pdec train FILE --set alpha=0.1` changes a parameter.
field u(x, t)
param alpha = 0.05

# What holds everywhere: u_t is the derivative by t, u_xx the second one by x.
eq heat: u_t = alpha*u_xx

# What holds at the beginning, and at the ends. An insulated end is written `on x = 1: u_x = 0`.
initial u = sin(pi*x)
on x = 0, x = 1: u = 0

# Where the solution is known it is checked, and training is measured against it. Remove it where it is not.
exact u = exp(-alpha*pi^2*t)*sin(pi*x)
