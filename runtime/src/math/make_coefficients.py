#!/usr/bin/env python3
"""Computes the polynomial coefficients of this folder and prints them as Rust constants.

Usage: python3 make_coefficients.py   (needs mpmath)

Each polynomial is the minimax approximation, by Remez exchange in 60 digits, of the function in its table row
under the weight in that row: the weight turns the error of the polynomial into the error of the final result.
The fixed leading terms (x in sin x, 1 - x^2/2 in cos x) stay outside, so that they stay exact.
"""

from mpmath import mp, mpf, matrix, lu_solve, sin, cos, exp, log, atan, sinh, erf, erfc, sqrt, pi, tan

mp.dps = 60


def remez(f, weight, lo, hi, degree):
    """Coefficients c of sum c[k] t^k on [lo, hi] with the least maximum of |weight (f - polynomial)|."""
    n = degree + 2
    nodes = [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (2 * k + 1) / (2 * n)) for k in range(n)][::-1]
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * cos(pi * k / mpf(1200)) for k in range(1201)]
    grid = [t for t in grid if abs(t) > mpf(10) ** -12]
    for _ in range(12):
        a, b = matrix(n, n), matrix(n, 1)
        for i, t in enumerate(nodes):
            for k in range(degree + 1):
                a[i, k] = t ** k
            a[i, degree + 1] = (-1) ** i / weight(t)
            b[i] = f(t)
        solution = lu_solve(a, b)
        c = [solution[k] for k in range(degree + 1)]
        errors = [weight(t) * (f(t) - horner(c, t)) for t in grid]
        peaks, start = [], 0
        for i in range(1, len(grid) + 1):
            if i == len(grid) or (errors[i] > 0) != (errors[start] > 0):
                peaks.append(max(range(start, i), key=lambda j: abs(errors[j])))
                start = i
        while len(peaks) > n:
            peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
        if len(peaks) < n:
            break
        nodes = [grid[i] for i in peaks]
    return c, max(abs(e) for e in errors)


def horner(c, t):
    value = mpf(0)
    for k in reversed(c):
        value = value * t + k
    return value


def show(name, f, weight, lo, hi, degree):
    c, error = remez(f, weight, mpf(lo), mpf(hi), degree)
    print(f"/// Largest error {float(error):.1e}.")
    print(f"const {name}: [f64; {degree + 1}] = [")
    for k in c:
        print(f"    {float(k)!r},")
    print("];\n")


def root(f):
    """f(sqrt(t)): an even function of x as a function of t = x^2."""
    return lambda t: f(sqrt(t))


half = log(2) / 2 * mpf("1.0001")
quarter = (pi / 4 * mpf("1.0001")) ** 2
octant = (tan(pi / 8) * mpf("1.0001")) ** 2
third = ((sqrt(2) - 1) / (sqrt(2) + 1) * mpf("1.0001")) ** 2
show("EXP", lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2, -half, half, 10)
show("SIN", root(lambda r: (sin(r) - r) / r**3), lambda z: z, 0, quarter, 5)
show("COS", root(lambda r: (cos(r) - 1 + r**2 / 2) / r**4), lambda z: z**2, 0, quarter, 5)
show("LOG", root(lambda s: (log((1 + s) / (1 - s)) - 2 * s) / s**3), lambda z: z / 2, 0, third, 6)
show("ATAN", root(lambda t: (atan(t) - t) / t**3), lambda z: z, 0, octant, 10)
show("SINH", root(lambda x: (sinh(x) - x) / x**3), lambda z: z, 0, 1.001, 6)

show("ERF_SMALL", root(lambda x: erf(x) / x - 1), lambda z: 1, 0, 1.001, 12)
for name, lo, centre, hi in (("ERF_MIDDLE", "1", "1.625", "2.25"), ("ERF_LARGE", "2.25", "3.25", "6")):
    c = mpf(centre)
    show(name, lambda t: log(erfc(t + c)) + (t + c) ** 2, lambda t: erfc(t + c), mpf(lo) - c, mpf(hi) - c, 12)

print("/// 2/pi: a word of zeros, then its binary digits after the point, 64 to a word.")
mp.prec = 2000
digits = int(mpf(2) / pi * mpf(2) ** (64 * 20))
print("const TWO_OVER_PI: [u64; 21] = [\n    0,")
for word in range(19, -1, -1):
    h = f"{digits >> (64 * word) & (2**64 - 1):016x}"
    print(f"    0x{h[:4]}_{h[4:8]}_{h[8:12]}_{h[12:]},")
print("];\n")


def split(name, value, bits):
    for i, b in enumerate(bits):
        mp.prec = b
        part = +value
        mp.prec = 2000
        print(f"{name}{i}: {float(part)!r}  {float(part).hex()}")
        value -= part


split("LN2_", log(2), [40, 53])
split("HALF_PI_", pi / 2, [53, 53, 53])
split("QUARTER_PI_", pi / 4, [53, 53])
