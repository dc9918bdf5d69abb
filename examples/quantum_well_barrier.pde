# Two boxes with a barrier between them: two states whose energies differ by what tunnels.
#
#   pdec train examples/quantum_well_barrier.pde
#
# Look for: E = 1.6353434834521 of the even and 1.6612755814030 of the odd state. With k = sqrt(2 E) and q = sqrt(2 (10 - E)) they satisfy
# -k cot(3 k/2) = q tanh(q/2) and -k cot(3 k/2) = q coth(q/2).
problem "Tunnelling through a barrier"

coord x in [-2, 2]
field even(x)
field odd(x)
unknown E_even in (0, 10) = 1
unknown E_odd in (0, 10) = 1
let V = if(abs(x) < 0.5, 10, 0)

eq -d(even, x, x)/2 + V*even = E_even*even
eq -d(odd, x, x)/2 + V*odd = E_odd*odd
on x = -2, x = 2: even = 0
on x = -2, x = 2: odd = 0
constraint norm_even: integral(even^2, x) = 1
constraint norm_odd: integral(odd^2, x) = 1
constraint apart: integral(even*odd, x) = 0
