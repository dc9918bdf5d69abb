"""Makes the data of the inverse problems: values of known solutions at random places, as sensors would give them.

    python3 make_sensors.py

`burgers_sensors.csv` is the solution in `burgers.npz` (speed 1, viscosity 0.01/pi) at 2000 of its points;
`burgers_noisy.csv` has normal noise of one per cent of the solution's standard deviation on top. It needs numpy.
"""

import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent
SEED = 2026
COUNT = 2000


def main() -> None:
    solution = np.load(FOLDER / "burgers.npz")
    x, t, u = solution["x"], solution["t"], solution["u"]
    random = np.random.default_rng(SEED)
    i = random.integers(0, len(x), COUNT)
    j = random.integers(0, len(t), COUNT)
    values = u[i, j]
    noise = 0.01 * np.std(u)
    print(f"noise: {noise:.6f}")
    write("burgers_sensors.csv", x[i], t[j], values)
    write("burgers_noisy.csv", x[i], t[j], values + noise * random.standard_normal(COUNT))


def write(name: str, x: np.ndarray, t: np.ndarray, u: np.ndarray) -> None:
    table = np.column_stack([x, t, u])
    np.savetxt(FOLDER / name, table, fmt="%.10g", delimiter=",", header="x,t,u", comments="")


if __name__ == "__main__":
    main()
