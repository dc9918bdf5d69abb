"""The Kuramoto-Sivashinsky equation, chaotic, by a Fourier Galerkin method.

u_t + (100/16) u u_x + (100/16^2) u_xx + (100/16^4) u_xxxx = 0 is the usual equation on an interval of 32 pi for 100 units of
time. Small differences grow, so the time integration works with extended precision (64 bits of significand): ETDRK4 with fixed
steps, extrapolated to order 5 from two of them. Against it: other numbers of modes; other steps; the explicit
Runge-Kutta method DOP853 with double precision, without any splitting into a linear and a nonlinear part, on the
advective form. How much a small difference grows is measured as well.
"""

import numpy as np
from scipy.fft import irfft, rfft
from scipy.integrate import DOP853

from .common import compare, grid, integrate, write

A, B, C = 100 / 16, 100 / 16 ** 2, 100 / 16 ** 4  # exact in binary


def start(n, kind):
    """cos x + sin(2x)/2 as the coefficients c_k of sum over |k| < n of c_k exp(i k x)."""
    c = np.zeros(n, kind)
    c[1], c[2] = 0.5, -0.25j
    return c


def values(x, c):
    """Values at x of the real series sum over |k| < n of c_k exp(i k x), c_-k = conj(c_k)."""
    c = c.astype(complex)
    k = np.arange(c.shape[1])
    scale = np.where(k == 0, 1.0, 2.0)
    return (np.cos(np.outer(x, k)) * scale) @ c.real.T - (np.sin(np.outer(x, k)) * scale) @ c.imag.T


def etdrk4(t, n, per_output, c, real=np.longdouble):
    """ETDRK4; the coefficients of the method by contour integrals, products without aliasing."""
    m = 3 * n
    k = np.arange(n).astype(real)
    h = real(1) / (len(t) - 1) / per_output
    lin = B * k ** 2 - C * k ** 4
    turn = real(2) * np.arctan2(real(0), real(-1)) / 128
    angle = turn * (2 * np.arange(64).astype(real) + 1)
    r = np.cos(angle) + 1j * np.sin(angle)
    z = h * lin[:, None] + r
    # the functions are real on the real axis, and the circle is symmetric about it
    mean = lambda f: f.mean(axis=1).real
    e, e2 = np.exp(h * lin), np.exp(h * lin / 2)
    q = h * mean((np.exp(z / 2) - 1) / z)
    f1 = h * mean((-4 - z + np.exp(z) * (4 - 3 * z + z ** 2)) / z ** 3)
    f2 = h * mean((2 + z + np.exp(z) * (z - 2)) / z ** 3)
    f3 = h * mean((-4 - 3 * z - z ** 2 + np.exp(z) * (4 - z)) / z ** 3)
    half = -0.5j * A * k

    def nonlinear(c):
        u = irfft(c, m)
        return half * rfft(u * u)[:n] * m

    out = [c]
    for _ in t[1:]:
        for _ in range(per_output):
            nv = nonlinear(c)
            a = e2 * c + q * nv
            na = nonlinear(a)
            b = e2 * c + q * na
            nb = nonlinear(b)
            nd = nonlinear(e2 * a + q * (2 * nb - nv))
            c = e * c + f1 * nv + 2 * f2 * (na + nb) + f3 * nd
        out.append(c)
    return np.array(out)


def extrapolated(t, n, per_output, c):
    """Two step sizes, the leading error of order 4 taken out."""
    one, two = etdrk4(t, n, per_output, c), etdrk4(t, n, 2 * per_output, c)
    return two + (two - one) / 15


def explicit(t, n):
    """DOP853 on the coefficients as they are; the steps are as short as the fastest mode wants them."""
    m = 3 * n
    k = np.arange(n)
    lin = B * k ** 2 - C * k ** 4.0

    def f(_, c):
        return lin * c - A * rfft(irfft(c, m) * irfft(1j * k * c, m))[:n] * m

    c, steps = integrate(DOP853, f, start(n, complex), t, 1e-13, 1e-15)
    print(f"  DOP853: {n} modes, {steps} steps", flush=True)
    return c


def growth(t, n, per_output):
    """How much a small difference has grown at each time: the largest over some random ones."""
    random = np.random.default_rng(0)
    base = etdrk4(t, n, per_output, start(n, np.clongdouble))
    largest = np.zeros(len(t))
    for _ in range(5):
        c = start(n, np.clongdouble)
        bump = (random.standard_normal(n) + 1j * random.standard_normal(n)) * np.exp(-np.arange(n) / 8.0)
        bump[0] = 0.0
        bump *= 1e-10 / np.linalg.norm(bump)
        moved = etdrk4(t, n, per_output, c + bump)
        largest = np.maximum(largest, np.linalg.norm((moved - base).astype(complex), axis=1) / 1e-10)
    return largest


def ks():
    _, t = grid(3)
    x = 2 * np.pi * np.arange(401) / 400
    modes, per_output = 192, 400
    c = extrapolated(t, modes, per_output, start(modes, np.clongdouble))
    last = np.abs(c[:, -20:]).max()
    print(f"  ETDRK4: {modes} modes, steps {0.01 / per_output:.1e} and half of it, last coefficients {last:.1e}", flush=True)
    u = values(x, c)
    u[:, 0] = np.cos(x) * (1 + np.sin(x))
    u[-1] = u[0]
    write("ks", x=x, t=t, u=u)

    def other(n, per_output):
        return values(x, extrapolated(t, n, per_output, start(n, np.clongdouble)))

    grown = growth(t, 128, 100)
    print("  a difference grows by " + ", ".join(f"{grown[i]:.0f} at t = {t[i]:.1f}" for i in range(20, 101, 20)))
    compare("192 against 160 modes", u, other(160, per_output), 1e-9)
    compare("192 against 224 modes", u, other(224, per_output), 1e-11)
    compare("steps 2.5e-5 and 1.25e-5 against 5e-5 and 2.5e-5", u, other(modes, 200), 1e-8)
    compare("steps 2.5e-5 and 1.25e-5 against 1.7e-5 and 8.3e-6", u, other(modes, 600), 1e-10)
    compare("against DOP853, 160 modes", u, values(x, explicit(t, 160)), 1e-9)
