problem "Every product of vectors"
coord x, y, z in [0, 1]
field v(x, y, z) in R^3
let b = (0, 0, 1)
let force = cross(v, b) + v×b + (v·b)*b + dot(v, b)*b
let tensor = outer(v, b) + transpose(grad(v)) - identity(3)*inner(v, b)
let size = inner(tensor, tensor) + trace(tensor) + |v|^2 + v.x_y + v[1]
eq laplacian(v) = 0*force + 0*div(tensor) + 0*size*v + 0*∇(∇·v) + 0*grad(|v|^2)
on boundary: v = b
exact v = b
