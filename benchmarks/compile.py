"""From text to kernels ready to run: milliseconds of each stage, the shortest of five runs."""

import json
import subprocess
import sys

import training

# Milliseconds from text to ready kernels, for each example.
BOUND = 50


def names():
    return sorted(path.stem for path in (training.ROOT / "examples").glob("*.pde"))


def main(options):
    program = training.binary(options)
    failed = False
    heading = True
    for name in names():
        if options.only not in (None, name):
            continue
        path = training.ROOT / "examples" / f"{name}.pde"
        done = subprocess.run([program, "check", path, "--timings"], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: exit status {done.returncode}\n{done.stderr}")
        # the last section: a line for each stage, its name, its time and `ms`
        lines = done.stdout.split("\nTimings")[1].splitlines()[1:]
        rows = [line.split() for line in lines if line.endswith(" ms")]
        stages = {" ".join(row[:-2]): float(row[-2]) for row in rows}
        good = stages["all"] <= BOUND
        failed |= not good
        if options.json:
            row = {"problem": name, "milliseconds": stages, "within_bounds": good}
            print(json.dumps(row), flush=True)
            continue
        if heading:
            print(f"{'milliseconds':<14}" + "".join(f"  {stage:>14}" for stage in stages))
            heading = False
        mark = "" if good else f"  MORE THAN {BOUND}"
        print(f"{name:<14}" + "".join(f"  {time:>14.3f}" for time in stages.values()) + mark, flush=True)
    return 1 if failed else 0
