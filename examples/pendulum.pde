# A pendulum that is let go near its highest point.
#
#   pdec train examples/pendulum.pde
#
# Look for: it rests near the top for a while, where differences grow, and swings through in between.
problem "Pendulum"

time  t in [0, 20]
field theta(t)

eq d(theta, t, t) = -sin(theta)
initial theta = 3
initial d(theta, t) = 0

reference theta from "data/pendulum.csv" (t, theta)
