coord s in [0, 1]
time tau in [0, 1]
field θ(s, tau)
eq θ̇ = θ_ss
initial θ = 0
on boundary: θ = 0
