coord x, y [mm] in [0, 10]
field T(x, y) [K]
eq laplacian(T) = 0
on x = 0, x = 10[mm]: T = 300[K]
on y = 0, y = 10[mm]: T = 300[K]
