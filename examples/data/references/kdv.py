"""The Korteweg-de Vries equation by a Fourier Galerkin method.

The linear term is exact by an integrating factor; time: DOP853. Against it: other numbers of modes; ETDRK4 with fixed
steps, extrapolated, on the advective form; the three first invariants.
"""

import numpy as np
from scipy.fft import irfft, rfft
from scipy.integrate import DOP853

from .common import compare, grid, integrate, write

DELTA2 = 0.022 ** 2


def kdv_values(x, c):
    """Values at x of the real series sum over |k| < n of c_k exp(i k pi x), c_-k = conj(c_k)."""
    k = np.arange(c.shape[1]) * np.pi
    scale = np.where(k == 0.0, 1.0, 2.0)
    return (np.cos(np.outer(x, k)) * scale) @ c.real.T - (np.sin(np.outer(x, k)) * scale) @ c.imag.T


def kdv_integrating_factor(x, t, n, max_step):
    """u = sum over |k| < n of c_k exp(i k pi x); (u^2/2)_x without aliasing.

    The tolerance alone leaves 1e-11 in the fast modes, which nothing damps; the bound on the
    step takes it away.
    """
    m = 3 * n
    k = np.arange(n) * np.pi
    omega = DELTA2 * k ** 3  # c_k' = i omega c_k + nonlinear

    def f(s, v):
        turn = np.exp(1j * omega * s)
        u = irfft(v * turn, m) * m
        return -0.5j * k * (rfft(u * u)[:n] / m) * turn.conj()

    c0 = np.zeros(n, complex)
    c0[1] = 0.5
    v, steps = integrate(DOP853, f, c0, t, 1e-13, 1e-15, max_step=max_step)
    c = v * np.exp(1j * np.outer(t, omega))
    print(f"  integrating factor: {n} modes, steps up to {max_step:.1e}, {steps} steps,"
          f" last coefficients {np.abs(c[:, -20:]).max():.1e}", flush=True)
    # Invariants: int u, int u^2, int u^3/6 - delta^2 u_x^2/2, exact by the trapezoidal rule.
    m = 4 * n
    u, ux = irfft(c, m, axis=1) * m, irfft(c * 1j * k, m, axis=1) * m
    for what, q in (("u", u), ("u^2", u * u), ("u^3/6 - delta^2 u_x^2/2", u ** 3 / 6 - DELTA2 * ux ** 2 / 2)):
        total = 2.0 * q.mean(axis=1)
        print(f"    integral of {what}: {total[0]:+.15f}, largest drift {np.abs(total - total[0]).max():.1e}")
    return kdv_values(x, c)


def kdv_etdrk4(x, t, n, per_output):
    """ETDRK4 with fixed steps and contour integrals, on the advective form u u_x."""
    m = 3 * n
    k = np.arange(n) * np.pi
    h = (t[1] - t[0]) / per_output
    lin = 1j * DELTA2 * k ** 3
    r = np.exp(2j * np.pi * (np.arange(64) + 0.5) / 64)
    lr = h * lin[:, None] + r
    e, e2 = np.exp(h * lin), np.exp(0.5 * h * lin)
    q = h * ((np.exp(lr / 2) - 1) / lr).mean(axis=1)
    f1 = h * ((-4 - lr + np.exp(lr) * (4 - 3 * lr + lr ** 2)) / lr ** 3).mean(axis=1)
    f2 = h * ((2 + lr + np.exp(lr) * (lr - 2)) / lr ** 3).mean(axis=1)
    f3 = h * ((-4 - 3 * lr - lr ** 2 + np.exp(lr) * (4 - lr)) / lr ** 3).mean(axis=1)

    def nonlinear(c):
        return -rfft(irfft(c, m) * irfft(1j * k * c, m))[:n] * m

    c = np.zeros(n, complex)
    c[1] = 0.5
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
    return kdv_values(x, np.array(out))


def kdv():
    x, t = grid(201)
    u = kdv_integrating_factor(x, t, 256, 2.5e-5)
    u[:, 0] = np.cos(np.pi * x)
    u[-1] = u[0]
    write("kdv", x=x, t=t, u=u)
    compare("256 against 192 modes", u, kdv_integrating_factor(x, t, 192, 2.5e-5), 1e-11)
    compare("256 against 384 modes", u, kdv_integrating_factor(x, t, 384, 2.5e-5), 1e-11)
    compare("256 modes, steps up to 2.5e-5 against 5e-5", u, kdv_integrating_factor(x, t, 256, 5e-5), 1e-11)
    one, two = kdv_etdrk4(x, t, 320, 200), kdv_etdrk4(x, t, 320, 400)
    best = two + (two - one) / 15.0
    compare("ETDRK4, 320 modes, steps 5e-5 against 2.5e-5", one, two, 1e-9)
    compare("against ETDRK4, step 2.5e-5", u, two, 1e-10)
    compare("against ETDRK4, extrapolated", u, best, 1e-11)
