problem "Grüße aus Göttingen"
coord ξ in [0, 1]
time τ in [0, 1]
field φ(ξ, τ) in ℝ
param κ = 0.1
eq wärme: φ_τ = κ*∆φ
initial φ = sin(π*ξ)
on ξ = 0, ξ = 1: φ = 0
exact φ = exp(-κ*π²*τ)*sin(π*ξ)
