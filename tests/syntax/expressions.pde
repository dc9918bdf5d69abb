let a = (1, 2)·(3, x) + a×b
let b = v.x + plate.left.top + x[1] + v[i].x + f(x)[1][2]
let c = 1.5[m/s] + 9.81 [m*s^-2]·2[1] - 3[%]*2[°C] + .5[µm·Ω]^2
let d = u² + x⁻¹ - u²*v³ + 2² + sin(x)² - |u|⁴ + 2^u² + -u²
let e = π + if(0 < x <= 1, 2, 3) + max(x ≥ 1, b = 2 > 1) + sum(i, d(u, x[i], 2))
let f = A ∪ B ∩ C ∖ D \ E union F intersect G minus H
let g = 2^-x^3 - -1 + (a, (b, c), d)
