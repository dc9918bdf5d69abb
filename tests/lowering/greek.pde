coord ξ in [0, 1]
time τ in [0, 1]
field φ(ξ, τ)
param ν_1 = 0.01
eq φ_τ = ν_1*φ_ξξ
initial φ = sin(pi*ξ)
on ξ = 0, ξ = 1: φ = 0
