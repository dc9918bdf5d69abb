coord x in[0,pi]
time t in[0,1]
field u(x,t)
param beta=0
eq u_t+beta*x=0
initial u = sin(x)
periodic x

exact u =(integral(integral(integral(x, x), x), x) - beta)