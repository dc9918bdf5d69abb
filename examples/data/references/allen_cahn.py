"""The Allen-Cahn equation by an exact cosine Galerkin method.

u0 has a kink at x = +-1 once it is continued periodically, so a Fourier interpolant of u0 converges slowly. The
solution is even, hence a cosine series on [0, 1]; here the series is a Galerkin method without aliasing, started from
the exact cosine coefficients of u0 (closed form). The kink then only disturbs the highest modes, which diffusion
removes at once. Time: DOP853. Against it: other numbers of modes; Gauss-Lobatto spectral elements on [0, 1] with the
Neumann condition, fine over the layers and graded to x = 1, integrated by the implicit Radau method.
"""

import numpy as np
from scipy.fft import dct
from scipy.integrate import DOP853, Radau

from .common import compare, grid, integrate, write


def kink_coefficients(n):
    """Exact cosine coefficients of x^2 cos(pi x) on [0, 1]."""
    def moment(m):  # int_0^1 x^2 cos(m pi x) dx
        m = np.abs(m)
        return np.where(m == 0, 1 / 3, 2 * (-1.0) ** m / (np.maximum(m, 1) * np.pi) ** 2)

    k = np.arange(n)
    a = moment(k - 1) + moment(k + 1)
    a[0] *= 0.5
    return a


def allen_cahn_galerkin(x, t, n, rtol):
    """u = sum a_k cos(k pi x), k < n; the cube is formed on 2n intervals, without aliasing."""
    m = 2 * n
    decay = 1e-4 * (np.arange(n) * np.pi) ** 2
    pad = np.zeros(m + 1)

    def f(_, a):
        pad[:n] = 0.5 * a
        pad[0] = a[0]
        u = dct(pad, 1)
        cubes = dct(u * u * u, 1)[:n] / m
        cubes[0] *= 0.5
        return -decay * a + 5.0 * (a - cubes)

    a, steps = integrate(DOP853, f, kink_coefficients(n), t, rtol, rtol * 1e-2)
    print(f"  cosine Galerkin: {n} modes, rtol {rtol:.0e}, {steps} steps,"
          f" last coefficients at t = 1 {np.abs(a[-1, -20:]).max():.1e}", flush=True)
    u = np.cos(np.outer(x, np.arange(n) * np.pi)) @ a.T
    u[:, 0] = x * x * np.cos(np.pi * x)
    return u


def lobatto(p):
    """Nodes, weights and differentiation matrix of the p + 1 Gauss-Lobatto points."""
    from numpy.polynomial import legendre
    c = np.zeros(p + 1)
    c[p] = 1.0
    z = np.concatenate([[-1.0], np.sort(legendre.legroots(legendre.legder(c)).real), [1.0]])
    dp, ddp = legendre.legder(c), legendre.legder(c, 2)
    z[1:-1] -= legendre.legval(z[1:-1], dp) / legendre.legval(z[1:-1], ddp)
    z = 0.5 * (z - z[::-1])
    values = legendre.legval(z, c)
    w = 2.0 / (p * (p + 1) * values ** 2)
    gap = z[:, None] - z[None, :] + np.eye(p + 1)
    d = values[:, None] / values[None, :] / gap
    np.fill_diagonal(d, 0.0)
    np.fill_diagonal(d, -d.sum(axis=1))
    return z, w, d


def allen_cahn_elements(x, t, p, rtol):
    """Gauss-Lobatto spectral elements on [0, 1], natural (Neumann) ends.

    Fine up to x = 0.59 (the layer at 1/2, the steep part near 0), then graded to the kink at 1.
    """
    from scipy.interpolate import BarycentricInterpolator
    from scipy.sparse import csc_matrix, diags
    edges = np.concatenate([np.arange(48) * 0.0125, [0.6, 0.7, 0.8],
                            1.0 - 0.1 * 0.4 ** np.arange(8), [1.0]])
    z, w, d = lobatto(p)
    count = len(edges) - 1
    n = count * p + 1
    node, mass, stiff = np.zeros(n), np.zeros(n), np.zeros((n, n))
    for e in range(count):
        i, half = slice(e * p, e * p + p + 1), 0.5 * (edges[e + 1] - edges[e])
        node[i] = edges[e] + half * (z + 1.0)
        mass[i] += half * w
        stiff[i, i] += d.T @ (w[:, None] * d) / half
    diffuse = csc_matrix(-1e-4 * stiff / mass[:, None])

    def f(_, u):
        return diffuse @ u + 5.0 * u - 5.0 * u ** 3

    def jacobian(_, u):
        return (diffuse + diags(5.0 - 15.0 * u * u)).tocsc()

    v, steps = integrate(Radau, f, node ** 2 * np.cos(np.pi * node), t, rtol, rtol * 1e-1, jac=jacobian)
    print(f"  spectral elements: {count} of degree {p}, smallest {np.diff(edges).min():.1e}, "
          f"rtol {rtol:.0e}, {steps} steps", flush=True)
    u = np.empty((len(x), len(t)))
    where = np.clip(np.searchsorted(edges, np.abs(x), side="right") - 1, 0, count - 1)
    for e in np.unique(where):
        at = where == e
        i = slice(e * p, e * p + p + 1)
        half = 0.5 * (edges[e + 1] - edges[e])
        local = np.clip((np.abs(x[at]) - edges[e]) / half - 1.0, -1.0, 1.0)
        u[at] = BarycentricInterpolator(z, v[:, i].T)(local)
    return u


def allen_cahn():
    x, t = grid(201)
    u = allen_cahn_galerkin(x, t, 4096, 1e-13)
    write("allen_cahn", x=x, t=t, u=u)
    compare("4096 against 1024 modes", u, allen_cahn_galerkin(x, t, 1024, 1e-13), 1e-9)
    compare("4096 against 2048 modes", u, allen_cahn_galerkin(x, t, 2048, 1e-13), 1e-11)
    compare("4096 modes, rtol 1e-13 against 1e-12", u, allen_cahn_galerkin(x, t, 4096, 1e-12), 1e-11)
    coarse = allen_cahn_elements(x, t, 12, 1e-9)
    fine = allen_cahn_elements(x, t, 16, 3e-11)
    compare("spectral elements, degree 12 and rtol 1e-9 against 16 and 3e-11", coarse, fine, 1e-9)
    compare("against spectral elements, degree 16", u, fine, 1e-11)
