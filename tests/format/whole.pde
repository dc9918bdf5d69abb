# Everything that the language has, laid out by nobody.
problem   "All   of it"
coord x,y in[-1,length]   # space
time t in [ 0 , 0.5 ]# and time


field u( x,y , t )
param nu=1e-3
let length =  2 / 2
let flux( w )=w ^ 2/2
let q = - nu * u_x


#   the first equation
eq first : u_t+d( flux(u) , x )-q_x = nu*u_yy + |u| * min( u , - 1 ) # right side
  - 2^-x # and more
  * ( u - -1 )
# conditions
initial u=sin( pi*x )*sin(pi*y)
on x = -1,x=length :u = 0   on y = -1: u_{y}=  0
on y=1: u = sin(pi*x)*exp(-nu*pi^2*t)*cos(2*pi*x)*cos(3*pi*x) + sin(4*pi*x)*exp(-nu*16*pi^2*t)*cos(5*pi*x)

reference u from   "ref.npz"( x,y,time,u )
train{ network=mlp( width=64,depth = 4 ) # wide
  precision = f64


  # points
  points=[interior = 4096 , boundary=512,initial=256]
  optimizer = [adam(steps = 1000, lr = 1e-3), gauss_newton(steps = 200), adam(steps = 1000, lr = 1e-4), gauss_newton(steps = 20)]
  weights.initial = -2 regions=[(0.01,3),( -0.05 , 5 )]
  }
# the end
