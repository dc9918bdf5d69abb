eq ∂_t u + ∂_xx u = ∂_{theta theta} u
eq ∂_x(u*v) + ∂_x ∂_y u - 2*∂_t v.x = ∂_x |u|
eq ∇u·∇v + ∇·(k*∇u) = ∇×∇×v
eq ∇²u + ∆u + Δu + ∇^2 u + ∇⋅v = 0
eq (v·∇)w + -(2*v·∇)∇·w = (v · ∇)(a·∇)w
eq v_t + (v·∇)v = -(∇p)/rho + nu*∇²v/2
eq (∇u)^2 + |∇u|² + ∇(u^2)/2 = ∂_x u/2/3
eq ((v·∇)u·∇)w = ∂_x (v·∇)w
eq ∇
  ·
  v = ∇·∇u
