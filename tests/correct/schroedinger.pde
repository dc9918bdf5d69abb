problem "A free wave packet as two real fields"

coord x in [-5, 5]
time  t in [0, 1]
field v(x, t)
field w(x, t)

eq v_t = -w_xx/2
eq w_t = v_xx/2
initial v = exp(-x^2)
initial w = 0
on x = -5, x = 5: v = 0
on x = -5, x = 5: w = 0
