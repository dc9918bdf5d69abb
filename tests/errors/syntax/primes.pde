time t in [0, 10]
field theta(t)
eq theta'' + 0.1*theta' + sin(theta) = 0
initial theta = 1
initial theta_t = 0
