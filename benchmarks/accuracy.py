"""Error and time of the examples with defaults, beside what was asked for and what has been published."""

import json

import training

# Papers, by the name that the table gives them.
PAPERS = {
    "DSGNAR": "arXiv 2607.02194",
    "ENGD": "arXiv 2302.13163",
    "jaxpi": "arXiv 2308.08468",
    "KFAC": "arXiv 2405.15603",
    "PIG": "arXiv 2412.05994",
    "PINNacle": "arXiv 2306.08827",
    "ProPINN": "arXiv 2502.00803",
    "vRBA": "arXiv 2509.14198",
}


class Bound:
    """A relative L2 error and a wall time in seconds, to be met together."""

    def __init__(self, error, seconds):
        self.error, self.seconds = error, seconds

    def is_met(self, row):
        return row["l2"] is not None and row["l2"] <= self.error and row["seconds"] <= self.seconds

    def __str__(self):
        return f"{self.error:.0e} in {self.seconds} s".replace("e-0", "e-")


LINEAR = Bound(1e-5, 20), Bound(1e-8, 5)
LARGER = Bound(1e-4, 30), Bound(1e-7, 10)

# Name: floor, goal, the lowest published relative L2 error that we found for this statement, and whose it is.
EXAMPLES = {
    "heat": (*LINEAR, "2.0e-8 (KFAC, other constants)"),
    "convection": (*LINEAR, "2.0e-2 (ProPINN)"),
    "wave3": (*LINEAR, "1.6e-2 (ProPINN)"),
    "wave4": (*LINEAR, "1.20e-15 in 635 s (DSGNAR)"),
    "helmholtz14": (*LINEAR, "1.37e-5 (PIG)"),
    "poisson2": (*LINEAR, "6.1e-8 (ENGD)"),
    "parametric_heat": (Bound(1e-3, 120), Bound(1e-7, 60), "none for this statement"),
    "advection100": (*LARGER, "6.88e-4 (jaxpi)"),
    "poisson_ms": (*LARGER, "4.46e-14 in 281 s (DSGNAR)"),
    "poisson5": (*LARGER, "3.03e-16 (DSGNAR)"),
    "reaction": (Bound(3e-4, 20), Bound(1e-6, 10), "2.0e-2 (ProPINN)"),
    "burgers": (Bound(2e-4, 30), Bound(1e-6, 60), "8.25e-9 (vRBA)"),
    "burgers01": (Bound(1e-5, 20), Bound(1e-8, 60), "7.97e-14 in 346 s (DSGNAR)"),
    "allen_cahn": (Bound(2e-4, 40), Bound(1e-5, 60), "8.7e-2 (ProPINN)"),
    "kdv": (Bound(5e-5, 30), Bound(1e-6, 60), "8.24e-11 in 1210 s (DSGNAR)"),
    "ks": (Bound(1e-2, 300), Bound(1e-4, 300), "5.12e-7 in 5227 s (DSGNAR)"),
    "kovasznay": (Bound(1e-5, 20), Bound(1e-8, 30), "no figure found"),
    "cavity100": (Bound(1e-2, 60), Bound(1e-3, 300), "1.13e-4 (DSGNAR)"),
    "poisson10": (Bound(1e-4, 40), Bound(1e-8, 60), "5.96e-12 (DSGNAR)"),
}


def verdict(floor, goal, rows):
    """The best bound that all rows meet; `slow` where only the time of the floor is missed."""
    for word, bound in (("goal", goal), ("floor", floor), ("slow", Bound(floor.error, float("inf")))):
        if all(bound.is_met(row) for row in rows):
            return word
    return "missed"


def span(values):
    values = [value for value in values if value is not None]
    low, high = (f"{f(values, default=0):.0f}" for f in (min, max))
    return low if low == high else f"{low}–{high}"


def markdown(name, floor, goal, record, rows):
    """The row of docs/accuracy.md."""
    errors = " · ".join(training.number(row["l2"]) for row in rows)
    sizes = training.count(rows[0]["parameters"])
    cells = [f"[{name}](../examples/{name}.pde)", errors, span(row["seconds"] for row in rows),
             span(row["processor_seconds"] for row in rows), sizes]
    return "| " + " | ".join([*cells, str(floor), str(goal), verdict(floor, goal, rows), record]) + " |"


def main(options):
    program = training.binary(options)
    failed = False
    if options.markdown:
        seeds = " · ".join(str(seed) for seed in range(options.seeds))
        print(f"| problem | error, seeds {seeds} | seconds | on all cores | parameters | floor | goal | met | published |")
        print("| --- " * 9 + "|")
    elif not options.json:
        print(f"{'problem':<13} {'seed':>4} {'L2 error':>9} {'seconds':>8} {'on cores':>8}"
              f" {'parameters':>10} {'steps':>6}  "
              f"{'met':<7} {'floor':<14} {'goal':<14} published")
    for name, (floor, goal, record) in EXAMPLES.items():
        if options.only not in (None, name):
            continue
        rows = []
        for seed in range(options.seeds):
            row = training.train(program, training.ROOT / "examples" / f"{name}.pde", seed)
            rows.append(row)
            met = verdict(floor, goal, [row])
            failed |= met not in ("goal", "floor")
            if options.json:
                paper = next((f"{paper}, {source}" for paper, source in PAPERS.items() if f"({paper}" in record), None)
                bounds = {"floor": [floor.error, floor.seconds], "goal": [goal.error, goal.seconds]}
                row |= {"met": met} | bounds | {"published": record, "source": paper}
                print(json.dumps(row), flush=True)
            elif not options.markdown:
                print(f"{name:<13} {seed:>4} {training.number(row['l2']):>9} {row['seconds']:>8.1f}"
                      f" {row['processor_seconds']:>8.1f}"
                      f" {training.count(row['parameters']):>10} {training.count(row['steps']):>6}  {met:<7}"
                      f" {floor!s:<14} {goal!s:<14} {record}", flush=True)
                if "failed" in row:
                    print(f"{'':<19}{row['failed']}", flush=True)
        if options.markdown:
            print(markdown(name, floor, goal, record, rows), flush=True)
    return 1 if failed else 0
