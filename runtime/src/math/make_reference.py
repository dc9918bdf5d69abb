#!/usr/bin/env python3
"""Writes the reference values of the functions of this folder: the independent side of their accuracy tests.

Usage: python3 make_reference.py [points per group] > reference.txt   (needs mpmath; default 40, as committed)

One line per point: the function, the bits of its arguments, the bits of the exact value rounded to nearest, and what
rounding left: (exact - rounded) in thousandths of a unit in the last place. Values that overflow are left out.
"""

import random
import struct
import sys

from mpmath import mp, mpf, sin, cos, tan, atan, exp, log, tanh, sinh, cosh, sech, erf, pi, floor, nint, power

mp.prec = 1400
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 40
random.seed(1)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def rounded(y):
    """The double nearest to y and the rest in units in the last place, or None beyond the largest double."""
    if y == 0:
        return 0.0, 0
    exponent = max(int(floor(log(abs(y), 2))), -1022) - 52
    scaled = y / mpf(2) ** exponent
    whole = nint(scaled)
    if abs(whole) * mpf(2) ** exponent >= mpf(2) ** 1024:
        return None
    return float(whole * mpf(2) ** exponent), int(nint((scaled - whole) * 1000))


def near(x, steps=2):
    """A double a few steps from x."""
    b = bits(abs(float(x))) + random.randint(-steps, steps)
    return from_bits(max(b, 0)) * (1 if x >= 0 else -1)


def any_exponent(lo, hi, signed=True):
    """Random digits at a random power of two in [lo, hi)."""
    m = random.uniform(1, 2)
    return m * 2.0 ** random.randint(lo, hi - 1) * (random.choice((-1, 1)) if signed else 1)


def points(*groups):
    return [group() for group in groups for _ in range(COUNT)]


uniform = random.uniform
angles = points(
    lambda: uniform(-4, 4),
    lambda: any_exponent(-60, 1),
    lambda: any_exponent(0, 30),
    lambda: any_exponent(30, 1024),
    lambda: near(pi / 4 * random.randint(1, 12)),
    lambda: near(pi / 2 * random.randint(1, 10**6), 1),
    lambda: near(pi / 2 * random.randint(10**6, 2 * 10**9), 1),
    lambda: near(2.0**30),
) + [6381956970095103.0 * 2.0**797, sys.float_info.max]  # the first: nearest of all to a multiple of pi/2
small = lambda: any_exponent(-1074, -20)
TABLE = {
    "sin": (sin, angles),
    "cos": (cos, angles),
    "tan": (tan, angles),
    "atan": (atan, points(small, lambda: any_exponent(-20, 60), lambda: uniform(-4, 4),
                          lambda: near(0.4142135623730951), lambda: near(2.414213562373095),
                          lambda: uniform(0.35, 0.5), lambda: any_exponent(60, 1024))),
    "exp": (exp, points(small, lambda: any_exponent(-20, 9), lambda: uniform(-1, 1), lambda: uniform(-745.2, -708),
                        lambda: uniform(700, 709.78), lambda: near(log(2) * (random.randint(-2040, 2040) + 0.5) / 2),
                        lambda: near(log(2) * random.randint(-1000, 1000)))),
    "log": (log, points(lambda: any_exponent(-1074, 1024, False), lambda: uniform(0.5, 2), lambda: near(1.0, 60),
                        lambda: 1 + any_exponent(-50, -1), lambda: any_exponent(-1074, -1022, False),
                        lambda: near(2.0 ** (random.randint(-1000, 1000) + 0.5)))),
    "tanh": (tanh, points(small, lambda: any_exponent(-20, 4), lambda: uniform(-1, 1), lambda: uniform(-22, 22),
                          lambda: near(log(2) * (random.randint(0, 50) + 0.5) / 2))),
    "sinh": (sinh, points(small, lambda: any_exponent(-20, 9), lambda: uniform(-1, 1), lambda: uniform(0.9, 3),
                          lambda: uniform(-22, 22), lambda: uniform(708, 710.4758), lambda: near(1.0))),
    "cosh": (cosh, points(small, lambda: any_exponent(-20, 9), lambda: uniform(-1, 1), lambda: uniform(-22, 22),
                          lambda: uniform(708, 710.4758))),
    "sech": (sech, points(small, lambda: any_exponent(-20, 9), lambda: uniform(-1, 1), lambda: uniform(-22, 22),
                          lambda: uniform(705, 746))),
    "erf": (erf, points(small, lambda: any_exponent(-20, 3), lambda: uniform(-1, 1), lambda: uniform(1, 2.3),
                        lambda: uniform(2.2, 6), lambda: near(1.0), lambda: near(2.25))),
}
for name, (f, arguments) in TABLE.items():
    for x in arguments:
        value = rounded(f(mpf(x)))
        if value is not None:
            print(f"{name} {bits(x):x} {bits(value[0]):x} {value[1]}")

pairs = points(
    lambda: (uniform(-10, 10), float(random.randint(-8, 8))),
    lambda: (any_exponent(-30, 30), float(random.randint(-64, 64))),
    lambda: (any_exponent(-30, 30, False), uniform(-20, 20)),
    lambda: (uniform(0.5, 2), uniform(-700, 700)),
    lambda: (any_exponent(-1022, 1024, False), uniform(-1, 1)),
    lambda: (any_exponent(-1022, 1024), float(random.choice((-3, -2, 2, 3, 4)))),
)
for x, p in pairs:
    if x == 0:
        continue
    value = rounded(power(mpf(x), int(p) if p == int(p) else mpf(p)))
    if value is not None:
        print(f"pow {bits(x):x} {bits(p):x} {bits(value[0]):x} {value[1]}")
