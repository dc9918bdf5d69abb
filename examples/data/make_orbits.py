#!/usr/bin/env python3
"""Solutions of ordinary differential equations in 50 digits: lorenz.csv, lotka_volterra.csv, pendulum.csv.

    python3 make_orbits.py

Needs nothing but Python. The files are written beside this script.

Method: Taylor series of order 40 in `decimal`, coefficient by coefficient from the equation. Each orbit is computed again by
Gragg's extrapolated midpoint rule, which has nothing in common with it but the arithmetic, and the largest difference is
printed: the script fails where it is above 1e-16.
"""

import pathlib
from decimal import Decimal as D, getcontext

getcontext().prec = 50
FOLDER = pathlib.Path(__file__).parent
ORDER = 40


def sin_cos(x):
    """sine and cosine of a number, by their series after halving."""
    halvings = 12
    small = x / 2**halvings
    sine = term = small
    k = 1
    while abs(term) > D(10) ** -60:
        term *= -small * small / ((k + 1) * (k + 2))
        sine += term
        k += 2
    cosine = (1 - sine * sine).sqrt()
    for _ in range(halvings):
        sine, cosine = 2 * sine * cosine, 1 - 2 * sine * sine
    return sine, cosine


def product(a, b, k):
    return sum((a[j] * b[k - j] for j in range(k + 1)), D(0))


def lorenz_series(start):
    x, y, z = ([value] for value in start)
    for k in range(ORDER):
        xz, xy = product(x, z, k), product(x, y, k)
        x1 = 10 * (y[k] - x[k])
        y1 = 28 * x[k] - xz - y[k]
        z1 = xy - D(8) / 3 * z[k]
        for series, slope in ((x, x1), (y, y1), (z, z1)):
            series.append(slope / (k + 1))
    return [x, y, z]


def lorenz(state):
    x, y, z = state
    return [10 * (y - x), x * (28 - z) - y, x * y - D(8) / 3 * z]


def lotka_series(start):
    u, v = ([value] for value in start)
    for k in range(ORDER):
        uv = product(u, v, k)
        u.append((D("1.5") * u[k] - uv) / (k + 1))
        v.append((uv - 3 * v[k]) / (k + 1))
    return [u, v]


def lotka(state):
    u, v = state
    return [D("1.5") * u - u * v, u * v - 3 * v]


def pendulum_series(start):
    a, w = ([value] for value in start)
    sine, cosine = ([value] for value in sin_cos(start[0]))
    for k in range(ORDER):
        a.append(w[k] / (k + 1))
        w.append(-sine[k] / (k + 1))
        # s' = c·a', c' = −s·a'
        s1 = sum(((j + 1) * a[j + 1] * cosine[k - j] for j in range(k + 1)), D(0))
        c1 = sum(((j + 1) * a[j + 1] * sine[k - j] for j in range(k + 1)), D(0))
        sine.append(s1 / (k + 1))
        cosine.append(-c1 / (k + 1))
    return [a, w]


def pendulum(state):
    return [state[1], -sin_cos(state[0])[0]]


def taylor(series, state, step):
    result = []
    for coefficients in series(state):
        value = D(0)
        for coefficient in reversed(coefficients):
            value = value * step + coefficient
        result.append(value)
    return result


def extrapolated(slope, state, step, columns=14):
    """One step by the midpoint rule with 2, 4, 6, … parts, extrapolated in the square of the part (Gragg 1965)."""
    table = []
    for row in range(columns):
        parts = 2 * (row + 1)
        h = step / parts
        before = state
        here = [a + h * b for a, b in zip(state, slope(state))]
        for _ in range(parts - 1):
            before, here = here, [a + 2 * h * b for a, b in zip(before, slope(here))]
        # Gragg's smoothing
        end = [(a + b + h * c) / 2 for a, b, c in zip(here, before, slope(here))]
        line = [end]
        for column in range(row):
            ratio = D((row + 1) ** 2) / D((row - column) ** 2)
            line.append([a + (a - b) / (ratio - 1) for a, b in zip(line[column], table[row - 1][column])])
        table.append(line)
    return table[-1][-1]


def orbit(name, series, slope, start, end, points, inner):
    spacing = D(end) / (points - 1)
    one = two = [D(value) for value in start]
    rows = [(D(0), one)]
    largest = D(0)
    for number in range(1, points):
        for _ in range(inner):
            one = taylor(series, one, spacing / inner)
            two = extrapolated(slope, two, spacing / inner)
        largest = max([largest] + [abs(a - b) for a, b in zip(one, two)])
        rows.append((number * spacing, one))
    print(f"{name}: largest difference of the two methods {float(largest):.1e}")
    if largest > D(10) ** -16:
        raise SystemExit(f"{name}: the two methods differ")
    return rows


def write(name, header, rows, count):
    with open(FOLDER / name, "w", encoding="ascii") as file:
        file.write(header + "\n")
        for t, state in rows:
            numbers = [t, *state[:count]]
            file.write(",".join(repr(float(number)) for number in numbers) + "\n")


def main():
    write("lorenz.csv", "t,x,y,z", orbit("lorenz", lorenz_series, lorenz, (1, 1, 1), 20, 801, 2), 3)
    write("lotka_volterra.csv", "t,u,v", orbit("lotka_volterra", lotka_series, lotka, (1, 1), 10, 201, 2), 2)
    write("pendulum.csv", "t,theta", orbit("pendulum", pendulum_series, pendulum, (3, 0), 20, 401, 2), 1)


if __name__ == "__main__":
    main()
