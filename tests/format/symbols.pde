# The signs of mathematics, units and regions, laid out by nobody.
coord x[ mm ],y [m]   in [ 0,1 ]
coord z [ 100 ] in[-1,1]
time t[s] in [0 ,1]
field v( x,y,t )in R ^ 2[ m / s ]
field psi(x, t)  in ℂ
field w(x) in ℝ²   # two of them
param nu[ m^2/s ]=0.01 [ m ^ 2 · s⁻¹ ]
param Re   over[100 , 1000]
unknown k [W/(m * K)]in( 0,10 )= 1
unknown   field kappa(x)in [ 0,10 ]
let plate=rectangle( (0,0),(2 , 1) )
let spot = disk((1,0.5),radius=0.1)∪ball( ( 0,0 ) ,r = 2 )
domain Omega=plate \ spot minus   hole ∩ other
boundary inlet=plate . left
boundary tip = hole where 0<y<=1
boundary walls=rest
eq momentum : ∂_t   v+(v · ∇) v = - (∇ p)/rho+nu*∇² v in solid
eq ∂_{x x} ( u*v )+∇ · ( k*∇ u )-∇ × ∇ × v = |∇ u|² + ∇^2( u )+ ∂_x |u|- (v·∇)|u|
eq ∇u · ∇u - ∆ u + x [ 1 ]*v [ i ].x = sin( x ) ² + 2 ^ - x⁻¹ + (1,2)·( 3,4 ) + if( x<1 ,2 ,3 )×b [1]
at t=1 :u = 0
on x=0,walls ,boundary :u = 3[%] - 1.5 [1/s]*2[m^(1/2)]
exact v . x=0
observe v.x from "s.csv"( x,t , vx )noise 0.01
minimize energy:integral( |∇u|^2/2-f*u, Omega )
constraint integral( p,Omega )=0
