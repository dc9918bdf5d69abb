"""Error and time with defaults on problems that no choice was made with: how general the defaults are."""

import json

import training

FOLDER = training.ROOT / "benchmarks" / "unseen"


def names():
    return sorted(path.stem for path in FOLDER.glob("*.pde"))


def main(options):
    program = training.binary(options)
    failed = False
    if options.markdown:
        seeds = " · ".join(str(seed) for seed in range(options.seeds))
        print(f"| problem | error, seeds {seeds} | seconds | parameters |")
        print("| --- " * 4 + "|")
    elif not options.json:
        print(f"{'problem':<22} {'seed':>4} {'L2 error':>9} {'seconds':>8} {'on cores':>8}"
              f" {'parameters':>10} {'steps':>6}  stopped")
    for name in names():
        if options.only not in (None, name):
            continue
        rows = [training.train(program, FOLDER / f"{name}.pde", seed) for seed in range(options.seeds)]
        failed |= any("failed" in row for row in rows)
        if options.markdown:
            errors = " · ".join(training.number(row["l2"]) for row in rows)
            seconds = " · ".join(f"{row['seconds']:.0f}" for row in rows)
            sizes = training.count(rows[0]["parameters"])
            print(f"| [{name}](../benchmarks/unseen/{name}.pde) | {errors} | {seconds} | {sizes} |", flush=True)
            continue
        for row in rows:
            if options.json:
                print(json.dumps(row), flush=True)
                continue
            print(f"{name:<22} {row['seed']:>4} {training.number(row['l2']):>9} {row['seconds']:>8.1f}"
                      f" {row['processor_seconds']:>8.1f}"
                  f" {training.count(row['parameters']):>10} {training.count(row['steps']):>6}"
                  f"  {row.get('failed') or row['stopped']}", flush=True)
    return 1 if failed else 0
