"""The problems of `benchmarks/run step`: weights, points and what every peer reports.

| case | residual | network | points |
| --- | --- | --- | --- |
| burgers | u_t + u u_x - nu u_xx | 4 tanh layers | 4096 interior, 512 with data |
| navier_stokes | steady momentum and continuity of u, v, p | 4 tanh layers | the same |
| kuramoto_sivashinsky | u_t + u u_x + u_xx + mu u_xxxx | 4 tanh layers | the same |
| newton | as burgers | 2 tanh layers | 2000 interior |

A file holds little-endian doubles: the numbers of interior points and of points with data, then weights (outputs x
inputs) and biases layer by layer, then the interior points, one coordinate after the other, and those with data.
"""

import json
import os
import resource
import time

import numpy

NU = 0.01 / numpy.pi
VISCOSITY = 0.01
MU = 0.002

# Peers compute in the precision that the environment says: f64, or f32.
SINGLE = os.environ.get("STEP_PRECISION") == "f32"

# The sizes by which the compiler divides the residuals of a case.
SIZES = [float(size) for size in os.environ.get("STEP_SIZES", "").split()]

INPUTS = 2
OUTPUTS = {"burgers": 1, "navier_stokes": 3, "kuramoto_sivashinsky": 1, "newton": 1}


def write(case, width, path):
    """Draws weights and points, and writes them."""
    random = numpy.random.default_rng(width)
    layers, interior, data = (2, 2000, 8) if case == "newton" else (4, 4096, 512)
    sizes = [INPUTS, *[width] * layers, OUTPUTS[case]]
    parts = [numpy.array([interior, data])]
    for inputs, outputs in zip(sizes, sizes[1:]):
        parts.append(random.normal(size=outputs * inputs) * numpy.sqrt(2 / (inputs + outputs)))
        parts.append(random.normal(size=outputs) * 0.1)
    for count in (interior, data):
        parts.append(random.uniform(-1, 1, size=INPUTS * count))
    numpy.concatenate(parts).astype("<f8").tofile(path)


def read(case, width, path):
    """Weights as (outputs x inputs) with their biases, interior points, points with data, data."""
    numbers = numpy.fromfile(path, "<f8")
    interior, data = (int(count) for count in numbers[:2])
    rest = numbers[2:]

    def take(*shape):
        nonlocal rest
        count = int(numpy.prod(shape))
        taken, rest = rest[:count].reshape(shape), rest[count:]
        return taken.astype("f4") if SINGLE else taken

    layers = 2 if case == "newton" else 4
    sizes = [INPUTS, *[width] * layers, OUTPUTS[case]]
    weights = [(take(outputs, inputs), take(outputs)) for inputs, outputs in zip(sizes, sizes[1:])]
    points, boundary = take(INPUTS, interior).T.copy(), take(INPUTS, data).T.copy()
    x, t = boundary.T
    values = [numpy.sin(3 * x + t) / 2]
    if case == "navier_stokes":
        values.append(numpy.cos(x - 2 * t) / 2)
    return weights, points, boundary, numpy.stack(values, axis=1)


def coefficients(case):
    """Derivatives that stacked jets carry, beside the value."""
    return {"burgers": 4, "newton": 4, "navier_stokes": 5, "kuramoto_sivashinsky": 6}[case]


def activation_jets(case, a, z):
    """The jets of tanh z, from a = tanh z[0]; arithmetic only, so that it serves every library."""
    f1 = 1 - a * a
    f2 = -2 * a * f1
    if case in ("burgers", "newton"):
        return [a, f1 * z[1], f1 * z[2] + f2 * z[1] * z[1], f1 * z[3]]
    if case == "navier_stokes":
        return [
            a,
            f1 * z[1],
            f1 * z[2] + f2 * z[1] * z[1],
            f1 * z[3],
            f1 * z[4] + f2 * z[3] * z[3],
        ]
    f3 = f1 * (6 * a * a - 2)
    f4 = f1 * a * (16 - 24 * a * a)
    _, z1, z2, z3, z4, zt = z
    q = z1 * z1
    return [
        a,
        f1 * z1,
        f1 * z2 + f2 * q,
        f1 * z3 + 3 * f2 * z1 * z2 + f3 * q * z1,
        f1 * z4 + f2 * (4 * z1 * z3 + 3 * z2 * z2) + 6 * f3 * q * z2 + f4 * q * q,
        f1 * zt,
    ]


def first_jets(case, z, wx, wt, zero):
    """The jets of an affine layer at the inputs: its derivatives are columns of the weights."""
    if case in ("burgers", "newton"):
        return [z, wx, zero, wt]
    if case == "navier_stokes":
        return [z, wx, zero, wt, zero]
    return [z, wx, zero, zero, zero, wt]


def residuals(case, jets):
    """The residuals of the equations divided by their sizes, from jets of shape (points, outputs)."""
    plain = plain_residuals(case, jets)
    return [r / size for r, size in zip(plain, SIZES or [1.0] * len(plain), strict=True)]


def plain_residuals(case, jets):
    if case in ("burgers", "newton"):
        u, u_x, u_xx, u_t = (jet[:, 0] for jet in jets)
        return [u_t + u * u_x - NU * u_xx]
    if case == "navier_stokes":
        value, first, second, other, other_second = jets
        u, v = value[:, 0], value[:, 1]
        return [
            u * first[:, k] + v * other[:, k] + pressure - VISCOSITY * (second[:, k] + other_second[:, k])
            for k, pressure in ((0, first[:, 2]), (1, other[:, 2]))
        ] + [first[:, 0] + other[:, 1]]
    u, u_x, u_xx, _, u_xxxx, u_t = (jet[:, 0] for jet in jets)
    return [u_t + u * u_x + u_xx + MU * u_xxxx]


def shortest(repeats, work):
    """Milliseconds of processor time of the shortest of several runs, after two that do not count."""
    work()
    work()
    best = float("inf")
    for _ in range(repeats):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return 1e3 * best


def report(**numbers):
    """Prints the result."""
    numbers["rss_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(numbers))
