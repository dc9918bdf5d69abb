# A front that runs into empty space, where u = 0 is unstable.

problem "Fisher-KPP equation"

coord x in [-15, 25]
time  t in [0, 8]
field u(x, t)
let front(s) = 1/(1 + exp(s/sqrt(6)))^2

eq fisher: u_t = u_xx + u*(1 - u)
initial u = front(x)
on x = -15, x = 25: u = front(x - 5*t/sqrt(6))

exact u = front(x - 5*t/sqrt(6))
