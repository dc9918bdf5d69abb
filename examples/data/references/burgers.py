"""Burgers' equation by the Cole-Hopf transformation.

Both integrals by the trapezoidal rule (which converges geometrically for these analytic, Gaussian-decaying
integrands) with the largest exponent taken out. Against it: other steps; mpmath's adaptive quadrature with 40 digits
at chosen points; a sine Galerkin solution integrated in time by DOP853.
"""

import numpy as np
from scipy.fft import dct, dst
from scipy.integrate import DOP853

from .common import compare, grid, integrate, write


def cole_hopf(x, t, nu, step, reach=14.0):
    """u = int -sin(pi y) w / int w, y = x - 2 sqrt(nu t) z, w = exp(-cos(pi y)/(2 pi nu) - z^2).

    The first exponent varies by 1/(pi nu) <= 100 and z^2 reaches 196, so what is cut off is
    below exp(-96) of the largest value.
    """
    n = int(round(reach / step))
    z = np.arange(-n, n + 1) * step
    u = np.empty((len(x), len(t)))
    for j, tj in enumerate(t):
        y = x[:, None] - 2.0 * np.sqrt(nu * tj) * z
        e = -np.cos(np.pi * y) / (2.0 * np.pi * nu) - z * z
        w = np.exp(e - e.max(axis=1, keepdims=True))
        u[:, j] = -(np.sin(np.pi * y) * w).sum(axis=1) / w.sum(axis=1)
    # u is odd about 0 and about 1: keep exactly what holds exactly.
    u = 0.5 * (u - u[::-1])
    u[[0, len(x) // 2, -1]] = 0.0
    return u


def cole_hopf_mp(x, t, nu):
    """One value with 40 digits by mpmath's adaptive quadrature."""
    import mpmath as mp
    mp.mp.dps = 40
    x, t = mp.mpf(float(x)), mp.mpf(float(t))

    def weight(z):
        y = x - 2 * mp.sqrt(nu * t) * z
        return y, mp.exp(-mp.cos(mp.pi * y) / (2 * mp.pi * nu) - z * z)

    def top(z):
        y, w = weight(z)
        return -mp.sin(mp.pi * y) * w

    cuts = [mp.mpf(k) for k in range(-16, 17)]
    return float(mp.quad(top, cuts, maxdegree=7) / mp.quad(lambda z: weight(z)[1], cuts, maxdegree=7))


def burgers_galerkin(x, t, nu, n):
    """u = sum b_k sin(k pi x), k < n, products without aliasing."""
    m = 3 * n // 2
    k = np.arange(1, n) * np.pi
    pad = np.zeros(m - 1)
    ends = np.zeros(m + 1)

    def f(_, b):
        pad[:n - 1] = b
        ends[1:-1] = (0.5 * dst(pad, 1)) ** 2
        squares = dct(ends, 1)[1:n] / m
        return 0.5 * k * squares - nu * k * k * b

    b0 = np.zeros(n - 1)
    b0[0] = -1.0
    b, steps = integrate(DOP853, f, b0, t, 1e-13, 1e-15)
    tail = np.abs(b[:, -20:]).max()
    print(f"  sine Galerkin: {n} modes, {steps} steps, last coefficients {tail:.1e}", flush=True)
    return np.sin(np.outer(x, k)) @ b.T


def burgers(name, nx, nu_over, modes):
    """nu = 0.01 / nu_over."""
    nu = 0.01 / nu_over
    x, t = grid(nx)
    u = cole_hopf(x, t, nu, 0.01)
    write(name, x=x, t=t, u=u)
    compare("trapezoid step 0.01 against 0.02", u, cole_hopf(x, t, nu, 0.02), 1e-13)
    compare("trapezoid step 0.01 against 0.007", u, cole_hopf(x, t, nu, 0.007), 1e-13)

    import mpmath as mp
    mp.mp.dps = 40
    nu_mp = mp.mpf(1) / 100 / (mp.pi if nu_over != 1.0 else 1)
    h = nx // 2
    spots = [(h + i, j) for j in (1, 20, 40, 60, 80, 100) for i in (1, 2, h // 8, h // 2, h - 5)]
    exact = np.array([cole_hopf_mp(x[i], t[j], nu_mp) for i, j in spots])
    compare(f"against mpmath, 40 digits, {len(spots)} points", np.array([u[s] for s in spots]), exact, 1e-13)

    lower, higher = (burgers_galerkin(x, t, nu, n) for n in modes)
    compare(f"sine Galerkin {modes[0]} against {modes[1]} modes", lower, higher, 1e-11)
    compare(f"against sine Galerkin, {modes[1]} modes", u, higher, 1e-11)
