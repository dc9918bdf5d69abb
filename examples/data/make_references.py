#!/usr/bin/env python3
"""Make the converged reference solutions of the examples and measure their error.

What it makes
    burgers.npz      u_t + u u_x = (0.01/pi) u_xx,  u0 = -sin(pi x), u(+-1) = 0
    burgers01.npz    the same with viscosity 0.01
    allen_cahn.npz   u_t = 1e-4 u_xx - 5 u^3 + 5 u,  u0 = x^2 cos(pi x), periodic
    kdv.npz          u_t + u u_x + 0.022^2 u_xxx = 0,  u0 = cos(pi x), periodic
    all for x in [-1, 1] and t in [0, 1]. Each file holds the float64 arrays
    x (uniform, both ends), t (101 points, uniform) and u of shape (len(x), len(t)).

How to run
    python3 make_references.py NAME     one of: burgers burgers01 allen_cahn kdv
    python3 make_references.py all
    The file is written beside this script; the measured errors are printed, and the
    script fails if one is above the bound stated with it. Needs numpy, scipy and mpmath.

How the error is measured
    Every reference is computed again (a) by the same method at another resolution and
    (b) by at least one independent method. For each comparison two numbers over the whole
    grid are printed: the relative L2 difference |a - b|_2 / |b|_2 and the largest absolute
    difference.

Methods
    burgers*     Cole-Hopf; both integrals by the trapezoidal rule (which converges
                 geometrically for these analytic, Gaussian-decaying integrands) with the
                 largest exponent taken out. Against it: other steps; mpmath's adaptive
                 quadrature with 40 digits at chosen points; a sine Galerkin solution
                 integrated in time by DOP853.
    allen_cahn   u0 has a kink at x = +-1 once it is continued periodically, so a Fourier
                 interpolant of u0 converges slowly. The solution is even, hence a cosine
                 series on [0, 1]; here the series is a Galerkin method without aliasing,
                 started from the exact cosine coefficients of u0 (closed form). The kink then
                 only disturbs the highest modes, which diffusion removes at once. Time:
                 DOP853. Against it: other numbers of modes; Gauss-Lobatto spectral elements
                 on [0, 1] with the Neumann condition, fine over the layers and graded to x = 1,
                 integrated by the implicit Radau method.
    kdv          Fourier Galerkin, linear term exact by an integrating factor, DOP853.
                 Against it: other numbers of modes; ETDRK4 with fixed steps, extrapolated,
                 on the advective form; the three first invariants.
"""

import os
import sys
import time

import numpy as np
from scipy.fft import dct, dst, irfft, rfft
from scipy.integrate import DOP853, Radau

HERE = os.path.dirname(os.path.abspath(__file__))


def grid(nx, nt=101):
    """Uniform grids, each number correctly rounded; x is exactly symmetric."""
    h = (nx - 1) // 2
    return np.arange(-h, h + 1) / h, np.arange(nt) / (nt - 1)


def integrate(method, f, y, ts, rtol, atol, **options):
    """States at ts. Every output time is the end of a step, never an interpolation."""
    out, step, steps = [y], 1e-6, 0
    for a, b in zip(ts[:-1], ts[1:]):
        s = method(f, a, out[-1], b, rtol=rtol, atol=atol, first_step=step, **options)
        widest = 0.0
        while s.status == "running":
            message = s.step()
            if s.status == "failed":
                raise RuntimeError(message)
            widest = max(widest, s.step_size)
            steps += 1
        # The next interval starts with the widest step of this one.
        step = min(widest, 0.5 * (ts[1] - ts[0]))
        out.append(s.y.copy())
    return np.array(out), steps


failures = []


def compare(what, a, b, bound):
    d = a - b
    l2, worst = np.linalg.norm(d) / np.linalg.norm(b), np.abs(d).max()
    verdict = "ok" if l2 <= bound else "FAILED"
    if verdict != "ok":
        failures.append(what)
    print(f"  {what}: relative L2 {l2:.2e}, max {worst:.2e}  [bound {bound:.0e}: {verdict}]", flush=True)


def write(name, x, t, u):
    assert u.shape == (len(x), len(t)) and u.dtype == np.float64 and np.isfinite(u).all()
    path = os.path.join(HERE, name + ".npz")
    np.savez(path, x=x, t=t, u=np.ascontiguousarray(u))
    print(f"  wrote {name}.npz, u {u.shape}, {os.path.getsize(path) / 1e3:.0f} kB", flush=True)


# Burgers ------------------------------------------------------------------------------

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
    write(name, x, t, u)
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


# Allen-Cahn ---------------------------------------------------------------------------

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
    write("allen_cahn", x, t, u)
    compare("4096 against 1024 modes", u, allen_cahn_galerkin(x, t, 1024, 1e-13), 1e-9)
    compare("4096 against 2048 modes", u, allen_cahn_galerkin(x, t, 2048, 1e-13), 1e-11)
    compare("4096 modes, rtol 1e-13 against 1e-12", u, allen_cahn_galerkin(x, t, 4096, 1e-12), 1e-11)
    coarse = allen_cahn_elements(x, t, 12, 1e-9)
    fine = allen_cahn_elements(x, t, 16, 3e-11)
    compare("spectral elements, degree 12 and rtol 1e-9 against 16 and 3e-11", coarse, fine, 1e-9)
    compare("against spectral elements, degree 16", u, fine, 1e-11)


# Korteweg-de Vries --------------------------------------------------------------------

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
    write("kdv", x, t, u)
    compare("256 against 192 modes", u, kdv_integrating_factor(x, t, 192, 2.5e-5), 1e-11)
    compare("256 against 384 modes", u, kdv_integrating_factor(x, t, 384, 2.5e-5), 1e-11)
    compare("256 modes, steps up to 2.5e-5 against 5e-5", u, kdv_integrating_factor(x, t, 256, 5e-5), 1e-11)
    one, two = kdv_etdrk4(x, t, 320, 200), kdv_etdrk4(x, t, 320, 400)
    best = two + (two - one) / 15.0
    compare("ETDRK4, 320 modes, steps 5e-5 against 2.5e-5", one, two, 1e-9)
    compare("against ETDRK4, step 2.5e-5", u, two, 1e-10)
    compare("against ETDRK4, extrapolated", u, best, 1e-11)


REFERENCES = {
    "burgers": lambda: burgers("burgers", 401, np.pi, (1536, 2048)),
    "burgers01": lambda: burgers("burgers01", 201, 1.0, (512, 768)),
    "allen_cahn": allen_cahn,
    "kdv": kdv,
}


def main():
    names = sys.argv[1:]
    if names == ["all"]:
        names = list(REFERENCES)
    if not names or any(n not in REFERENCES for n in names):
        sys.exit("usage: make_references.py all | " + " | ".join(REFERENCES))
    for n in names:
        print(n, flush=True)
        start = time.time()
        REFERENCES[n]()
        print(f"  {time.time() - start:.0f} s", flush=True)
    if failures:
        sys.exit("above the stated bound: " + "; ".join(failures))


if __name__ == "__main__":
    main()
