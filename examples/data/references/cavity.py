"""The lid-driven cavity with the lid velocity 4x(1 - x) and viscosity 0.01.

The lid starts from rest at its ends, yet the solution is not smooth there: the lid wants u_x = 4 in the corner and the wall,
with the continuity equation, u_x = 0. The vorticity jumps from direction to direction and the pressure is
infinite, like a logarithm. What does that is known: with X, Y the distances from wall and lid, r and a their polar
coordinates, the stream function begins with S = pi Y^2 - 2 X Y - 2 r^2 a, which is biharmonic and fulfils the
conditions of wall and lid u = 4X. The reference is the sum of S in both corners, of a blend of smooth boundary values,
and of a Legendre Galerkin series (Shen's basis) for the rest, which begins with r^3.74; Newton's method, each step by GMRES.
Against it: other numbers of modes; the equations for velocity and pressure by collocation (P_N - P_{N-2}), which knows
nothing of what happens in the corners and converges slowly.
"""

import numpy as np
from numpy.polynomial import Chebyshev, legendre
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.linalg import LinearOperator, gmres

from .common import compare, write

NU = 0.01


def corner(X, Y):
    """S, S_X, S_Y and the Laplacian of S."""
    a = np.arctan2(Y, X)
    r2 = X * X + Y * Y
    return (np.pi * Y * Y - 2 * X * Y - 2 * r2 * a, -2 * Y - 2 * (2 * X * a - Y),
            2 * np.pi * Y - 2 * X - 2 * (2 * Y * a + X), 2 * np.pi - 8 * a)


def corners(x, y):
    """The sum of both corners' parts, its derivatives by x and y, and its Laplacian."""
    s, sx, sy, lap = corner(x, 1 - y)
    z, zx, zy, zap = corner(1 - x, 1 - y)
    return s + z, sx - zx, -sy - zy, lap + zap


# Cubics on [0, 1] with one of value at 0, value at 1, slope at 0, slope at 1 equal to one, the others zero.
HERMITE = [np.polynomial.Polynomial(c) for c in ([1, 0, -3, 2], [0, 0, 3, -2], [0, 1, -2, 1], [0, 0, -1, 1])]


def blend():
    """Boundary values and slopes of psi without the corners' parts, blended over the square: terms f(x) g(y)."""
    def along(f):
        return Chebyshev.interpolate(f, 24, domain=[0, 1])  # analytic: 5^-24

    def lid(x):
        return 4 * x * (1 - x) - corners(x, 1.0)[2]

    sides = [along(lambda y: -corners(0.0, y)[0]), along(lambda y: -corners(1.0, y)[0]),
             along(lambda y: -corners(0.0, y)[1]), along(lambda y: -corners(1.0, y)[1])]
    ends = [along(lambda x: -corners(x, 0.0)[0]), along(lambda x: -corners(x, 1.0)[0]),
            along(lambda x: -corners(x, 0.0)[2]), along(lid)]
    # What both families of terms say in the corners counts once.
    return list(zip(HERMITE, sides)) + list(zip(ends, HERMITE)) + [
        (-c * h, g) for h, f in zip(HERMITE, sides) for g, c in zip(HERMITE, at_ends(f))]


def at_ends(f):
    return f(0.0), f(1.0), f.deriv()(0.0), f.deriv()(1.0)


def outer(terms, x, y, i, j):
    """d^i/dx^i d^j/dy^j of the sum of f(x) g(y) on the grid x, y."""
    return sum(np.outer(f.deriv(i)(x) if i else f(x), g.deriv(j)(y) if j else g(y)) for f, g in terms)


def basis(n, x):
    """The n functions of [0, 1] of lowest degree that vanish with their slope at both ends, and two derivatives.

    Scaled so that the second derivatives are orthonormal up to a constant.
    """
    k = np.arange(n)
    c = np.zeros((n + 4, n))
    c[k, k] = 1.0
    c[k + 2, k] = -2 * (2 * k + 5) / (2 * k + 7)
    c[k + 4, k] = (2 * k + 3) / (2 * k + 7)
    c /= np.sqrt(2.0 * (2 * k + 3) ** 2 * (2 * k + 5))
    z = 2 * x - 1
    return [legendre.legval(z, legendre.legder(c, m) * 2.0 ** m if m else c).T for m in range(3)]


class Cavity:
    """psi = corners + blend + sum of a_ij phi_i(x) phi_j(y), i, j < n."""

    def __init__(self, n):
        self.n = n
        q, w = legendre.leggauss(2 * n)
        x, self.w = (q + 1) / 2, w / 2
        self.p = basis(n, x)
        self.terms = blend()
        gx, gy = np.meshgrid(x, x, indexing="ij")
        _, sx, sy, lap = corners(gx, gy)
        smooth = outer(self.terms, x, x, 2, 0) + outer(self.terms, x, x, 0, 2)
        self.fixed = (sx + outer(self.terms, x, x, 1, 0), sy + outer(self.terms, x, x, 0, 1), lap + smooth)
        # The corners' parts are biharmonic: they do not enter the viscous term.
        self.load = NU * self.test_laplacian(smooth)
        gram = [[f.T @ (self.w[:, None] * g) for g in self.p] for f in self.p]
        self.blocks = []
        for i in (0, 1):
            for j in (0, 1):
                even = lambda m, s: m[s::2, s::2]
                pair = lambda a, b, c, d: np.kron(even(gram[a][b], i), even(gram[c][d], j))
                block = pair(2, 2, 0, 0) + pair(0, 0, 2, 2) + pair(2, 0, 0, 2) + pair(0, 2, 2, 0)
                self.blocks.append((i, j, cho_factor(NU * block)))

    def test(self, values, i, j):
        """Integrals of values times d^i phi/dx^i d^j phi/dy^j."""
        return (self.w[:, None] * self.p[i]).T @ values @ (self.w[:, None] * self.p[j])

    def test_laplacian(self, values):
        return self.test(values, 2, 0) + self.test(values, 0, 2)

    def parts(self, a):
        """psi_x, psi_y and the Laplacian of the series at the quadrature points."""
        p = self.p
        return p[1] @ a @ p[0].T, p[0] @ a @ p[1].T, p[2] @ a @ p[0].T + p[0] @ a @ p[2].T

    def convection(self, one, two):
        """Integrals of lap(one) (psi_y(two) phi_x - psi_x(two) phi_y)."""
        return self.test(one[2] * two[1], 1, 0) - self.test(one[2] * two[0], 0, 1)

    def inverse_viscous(self, r):
        out = np.empty_like(r)
        for i, j, factor in self.blocks:
            part = r[i::2, j::2]
            out[i::2, j::2] = cho_solve(factor, part.ravel()).reshape(part.shape)
        return out

    def solve(self):
        n = self.n
        a, last = np.zeros((n, n)), np.inf
        for step in range(1, 31):
            own = self.parts(a)
            full = tuple(f + o for f, o in zip(self.fixed, own))
            r = self.load + NU * self.test_laplacian(own[2]) + self.convection(full, full)

            def apply(d):
                d = d.reshape(n, n)
                moved = self.parts(d)
                change = self.convection(moved, full) + self.convection(full, moved)
                return (d + self.inverse_viscous(change)).ravel()

            operator = LinearOperator((n * n, n * n), matvec=apply, dtype=float)
            d, info = gmres(operator, -self.inverse_viscous(r).ravel(), rtol=1e-12, atol=1e-15, restart=200, maxiter=3)
            if info:
                raise RuntimeError("GMRES did not converge")
            a += d.reshape(n, n)
            change, last = last, np.abs(d).max()
            if last < 1e-11 and last > 0.1 * change:
                break
        print(f"  stream function: {n} modes each way, {step} Newton steps, last change {last:.1e},"
              f" last coefficients {np.abs(a[-2:]).max():.1e} of {np.abs(a).max():.1e}", flush=True)
        self.a = a
        return self

    def velocity(self, x, y):
        """u = psi_y and v = -psi_x on the grid x, y."""
        px, py = basis(self.n, x), basis(self.n, y)
        gx, gy = np.meshgrid(x, y, indexing="ij")
        _, sx, sy, _ = corners(gx, gy)
        u = sy + outer(self.terms, x, y, 0, 1) + px[0] @ self.a @ py[1].T
        v = -(sx + outer(self.terms, x, y, 1, 0) + px[1] @ self.a @ py[0].T)
        return np.stack([u, v])


def lagrange(nodes):
    """Differentiation matrix of the polynomials given by their values at the nodes."""
    gap = nodes[:, None] - nodes[None, :] + np.eye(len(nodes))
    weight = 1 / gap.prod(axis=1)
    d = weight[None, :] / weight[:, None] / gap
    np.fill_diagonal(d, 0.0)
    np.fill_diagonal(d, -d.sum(axis=1))
    return d, weight


def pressure_velocity(n, x):
    """u and v on the grid x, x by collocation: velocity of degree n, pressure of degree n - 2 in s, x = s^2 (3 - 2s).

    A Chebyshev grid in s is finer at the ends than one in x, which is all that is done about the corners.
    """
    s = (1 - np.cos(np.pi * np.arange(n + 1) / n)) / 2
    node = s * s * (3 - 2 * s)
    inner = slice(1, n)
    m = n - 1
    slope, bend = (6 * s * (1 - s))[inner, None], (6 - 12 * s)[inner, None]
    by_s, weight = lagrange(s)
    # rows for the inner points only: the map has slope zero at the ends
    d, d2 = np.zeros_like(by_s), np.zeros_like(by_s)
    d[inner] = by_s[inner] / slope
    d2[inner] = (by_s @ by_s)[inner] / slope ** 2 - by_s[inner] * bend / slope ** 3
    dp = lagrange(s[inner])[0] / slope
    eye = np.eye(m)
    along_x, along_y = np.kron(d[inner, inner], eye), np.kron(eye, d[inner, inner])
    laplacian = np.kron(d2[inner, inner], eye) + np.kron(eye, d2[inner, inner])
    px, py = np.kron(dp, eye), np.kron(eye, dp)
    u, v, p = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1)), np.zeros((m, m))
    u[:, -1] = 4 * node * (1 - node)
    size = m * m
    level = 0.0
    for step in range(1, 31):
        cut = lambda f: f[inner, inner].ravel()
        ux, uy, vx, vy = (cut(f) for f in (d @ u, u @ d.T, d @ v, v @ d.T))
        ui, vi = cut(u), cut(v)
        r = np.concatenate([
            ui * ux + vi * uy + px @ p.ravel() - NU * cut(d2 @ u + u @ d2.T),
            ui * vx + vi * vy + py @ p.ravel() - NU * cut(d2 @ v + v @ d2.T),
            ux + vy + level, [p.sum()]])
        # The pressure has a free constant, so one equation of continuity is superfluous: `level` takes it up.
        j = np.zeros((3 * size + 1, 3 * size + 1))
        a, b, c = slice(0, size), slice(size, 2 * size), slice(2 * size, 3 * size)
        convect = ui[:, None] * along_x + vi[:, None] * along_y - NU * laplacian
        j[a, a], j[a, b], j[a, c] = convect + np.diag(ux), np.diag(uy), px
        j[b, a], j[b, b], j[b, c] = np.diag(vx), convect + np.diag(vy), py
        j[c, a], j[c, b], j[c, -1], j[-1, c] = along_x, along_y, 1.0, 1.0
        change = np.linalg.solve(j, -r)
        u[inner, inner] += change[a].reshape(m, m)
        v[inner, inner] += change[b].reshape(m, m)
        p += change[c].reshape(m, m)
        level += change[-1]
        if np.abs(change[:2 * size]).max() < 1e-10:
            break
    gap = 0.5 - np.sin(np.arcsin(1 - 2 * x) / 3)[:, None] - s[None, :]  # the inverse of the map
    hit = np.abs(gap) < 1e-14
    w = weight / np.where(hit, 1.0, gap)
    to_x = np.where(hit.any(axis=1)[:, None], hit, w / w.sum(axis=1, keepdims=True))
    print(f"  velocity and pressure: degree {n}, {step} Newton steps, level of the continuity {level:.1e}", flush=True)
    return np.stack([to_x @ u @ to_x.T, to_x @ v @ to_x.T])


def cavity100():
    x = np.arange(101) / 100
    flow = Cavity(80).solve().velocity(x, x)
    lid = 4 * x * (1 - x)
    print(f"  largest violation of the boundary values {boundary_error(flow, lid):.1e}", flush=True)
    for side in (flow[:, 0], flow[:, -1], flow[:, :, 0], flow[:, :, -1]):
        side[:] = 0.0
    flow[0, :, -1] = lid
    write("cavity100", x=x, y=x, u=flow[0], v=flow[1])
    compare("80 against 48 modes", flow, Cavity(48).solve().velocity(x, x), 1e-7)
    compare("80 against 96 modes", flow, Cavity(96).solve().velocity(x, x), 1e-8)
    coarse, fine = pressure_velocity(32, x), pressure_velocity(40, x)
    compare("velocity and pressure, degree 32 against 40", coarse, fine, 1e-4)
    compare("against velocity and pressure, degree 32", flow, coarse, 1e-4)
    compare("against velocity and pressure, degree 40", flow, fine, 1e-5)
    middle = flow[:, 50]
    print(f"  on the vertical line through the middle: smallest u {middle[0].min():.6f}; on the horizontal one: v from"
          f" {flow[1, :, 50].min():.6f} to {flow[1, :, 50].max():.6f}", flush=True)


def boundary_error(flow, lid):
    u, v = flow
    sides = [flow[:, 0], flow[:, -1], flow[:, :, 0], u[:, -1] - lid, v[:, -1]]
    return max(np.abs(side).max() for side in sides)
