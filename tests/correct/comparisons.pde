problem "A source that is on for a while"
coord x in [0, 1]
time t in [0, 1]
field u(x, t)
let on_time = if(0.25 <= t < 0.5, 1, 0)
let place = if(x > 0.4, if(x <= 0.6, 1, 0), 0)
eq u_t = u_xx + on_time*place
initial u = 0
on x = 0, x = 1: u = 0
