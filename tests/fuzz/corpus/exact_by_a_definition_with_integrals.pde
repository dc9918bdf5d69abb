coord x in[0,2*pi]
time t in[0,1]
field psi(x,t)in C
let k=integral(integral(integral(3,x),x),x)
eq r:i*psi_t=psi_x
initial psi=(i*k*x)
periodic x
exact psi = exp(i*(k*x*t/2))