"""ProPINN in its own setting on its own problems, beside the checkpoints that its authors have released.

L-BFGS on 101 x 101 fixed points in one time window, all conditions but periodicity in the loss with the published weights,
15,030 parameters, double precision. The short form has 51 x 51 points and 2,000 steps in place of 20,000. A run that was
stopped goes on where it was: the same command again.
"""

import json
import subprocess

import training

# Full and short: points a side, steps.
SIZES = {False: (101, 20_000), True: (51, 2_000)}

# Name: weight of the initial values, then relative L1 and L2 errors (rMAE, rRMSE) of the released checkpoint, of the paper's
# table (arXiv 2502.00803), and of ordinary PINNs in the same table (L2).
PROBLEMS = {
    "convection": (1, (0.0072, 0.0083), (0.018, 0.020), 0.840),
    "reaction": (1, (0.0081, 0.0173), (0.010, 0.020), 0.981),
    "wave3": (1, (0.0169, 0.0171), (0.016, 0.016), 0.335),
    "allen_cahn": (10, (0.0324, 0.0864), (0.036, 0.087), 0.562),
}


def arguments(parser):
    parser.add_argument("--only", metavar="NAME", choices=list(PROBLEMS), help="one problem")
    parser.add_argument("--binary", metavar="FILE", help="this pdec, instead of building one")
    parser.add_argument("--short", action="store_true", help="2,000 steps on 51 x 51 points, minutes instead of hours")
    parser.add_argument("--steps", type=int, metavar="N", help="so many steps")
    parser.add_argument("--network", metavar="NETWORK", default="propinn",
                        help="another network in the same setting, such as 'mlp(width=64, depth=4)'")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="default 0")
    parser.add_argument("--threads", type=int, metavar="N", help="default: all cores")
    parser.add_argument("--time-limit", metavar="TIME", help="stop each run after this time, to go on later")
    parser.add_argument("--folder", metavar="DIR", help="where runs are kept (default target/propinn)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object a line")
    form.add_argument("--markdown", action="store_true", help="a table for the documentation")


def run(program, options, name):
    """What the run of a problem came to so far."""
    side, steps = SIZES[options.short]
    steps = options.steps or steps
    weight = PROBLEMS[name][0]
    label = "".join(c if c.isalnum() else "_" for c in options.network).strip("_")
    folder = options.folder or training.ROOT / "target" / "propinn"
    out = f"{folder}/{name}-{label}-{side}-{steps}-{options.seed}"
    settings = {
        "network": options.network,
        "optimizer": f"lbfgs(steps = {steps})",
        "windows": 1,
        "conditions": "soft",
        "weights": f"[initial = {weight}, boundary = 1]",
        "points": f"[interior = {side * side}, initial = {side}, boundary = {side}, redraw = 0, adaptive = 0,"
                  " sampler = grid]",
    }
    command = [program, "train", training.ROOT / "examples" / f"{name}.pde", "--seed", str(options.seed),
               "--out", out, "--resume", "--quiet"]
    command += [part for key, value in settings.items() for part in ("--set", f"train.{key}={value}")]
    for option, value in (("--threads", options.threads), ("--time-limit", options.time_limit)):
        command += [option, str(value)] if value else []
    before = training.processor_seconds()
    done = subprocess.run(command, capture_output=True, text=True)
    row = {"problem": name, "network": options.network, "side": side, "planned": steps,
           "processor_seconds": round(training.processor_seconds() - before, 1)}
    try:
        with open(f"{out}/result.json") as file:
            result = json.load(file)
    except FileNotFoundError:
        return row | {"failed": training.reason(done)}
    row |= {key: result[key] for key in ("parameters", "steps", "seconds", "stopped")}
    error = result["errors"]["u"]
    return row | {"l1": error["l1"], "l2": error["l2"], "correlation": result["gradient_correlation"]["cosine"]}


def main(options):
    program = training.binary(options)
    if options.markdown:
        print("| problem | rMAE/rRMSE | steps | minutes | released checkpoint | as good | the paper's table |")
        print("| --- " * 7 + "|")
    elif not options.json:
        print(f"{'problem':<11} {'rMAE':>8} {'rRMSE':>8} {'steps':>6} {'minutes':>8}  {'checkpoint':<15} {'paper':<13} as good")
    failed = False
    for name, (_, checkpoint, paper, _) in PROBLEMS.items():
        if options.only not in (None, name):
            continue
        row = run(program, options, name)
        if "failed" in row:
            failed = True
            print(json.dumps(row) if options.json else f"{name}: {row['failed']}", flush=True)
            continue
        row["as_good"] = row["l1"] <= checkpoint[0] and row["l2"] <= checkpoint[1]
        good = "yes" if row["as_good"] else "no"
        minutes = row["seconds"] / 60
        both = [f"{a:g}/{b:g}" for a, b in (checkpoint, paper)]
        if options.json:
            print(json.dumps(row), flush=True)
        elif options.markdown:
            print(f"| {name} | {row['l1']:.4f}/{row['l2']:.4f} | {row['steps']:,} | {minutes:.0f} | {both[0]} | {good}"
                  f" | {both[1]} |", flush=True)
        else:
            print(f"{name:<11} {row['l1']:>8.4f} {row['l2']:>8.4f} {row['steps']:>6,} {minutes:>8.1f}  {both[0]:<15}"
                  f" {both[1]:<13} {good}", flush=True)
    return 1 if failed else 0
