"""Methods of the literature on the problems that they were published with: the error of each, and of what it mends.

A case trains an example with settings of its own. Where a method is to make a difference, the same run without it stands
beside it. All of them are shorter than published; `SETTINGS` says exactly what is run.
"""

import json

import training

ADAM = "optimizer = adam(steps = {steps}, lr = {rate})"
CAUSAL = ["network = mlp(width = 48, depth = 3)", "features = periodic(harmonics = 10)",
          ADAM.format(steps=12_000, rate=3e-3), "windows = 1", "weights = [initial = 100]",
          "points = [interior = 1000, initial = 200, redraw = 10, adaptive = 0]"]
GATED = ["network = modified_mlp(width = 50, depth = 3)", ADAM.format(steps=10_000, rate=2e-3), "conditions = soft",
         "points = [interior = 256, boundary = 128, redraw = 1, adaptive = 0, sampler = uniform]",
         "weights = [boundary = 1]"]

# Name: example, the error to be reached (none: the failure that the next case mends), settings.
SETTINGS = {
    "pig_helmholtz14": ("helmholtz14", 1e-3, ["network = gaussians(count = 300)", "optimizer = gauss_newton(steps = 20)"]),
    "pig_allen_cahn": ("allen_cahn", 1e-3, ["network = gaussians(count = 160, sigma = 0.4, depth = 0)",
                                            "optimizer = gauss_newton(steps = 24)"]),
    "gated_helmholtz14": ("helmholtz14", None, GATED),
    "grad_norm_helmholtz14": ("helmholtz14", 5e-3, [*GATED[:-1], "weights = grad_norm(every = 100)"]),
    "adam_allen_cahn": ("allen_cahn", None, CAUSAL),
    "causal_allen_cahn": ("allen_cahn", 1e-2, [*CAUSAL, "causal = [epsilon = 100]"]),
}


def arguments(parser):
    parser.add_argument("--only", metavar="NAME", choices=list(SETTINGS), help="one case")
    parser.add_argument("--binary", metavar="FILE", help="this pdec, instead of building one")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds 0 to N-1 (default 1)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object a line")
    form.add_argument("--markdown", action="store_true", help="a table for the documentation")


def main(options):
    program = training.binary(options)
    if options.markdown:
        print("| case | error | seconds on all cores | steps | asked for |")
        print("| --- " * 5 + "|")
    failed = False
    for name, (example, bound, settings) in SETTINGS.items():
        if options.only not in (None, name):
            continue
        for seed in range(options.seeds):
            path = training.ROOT / "examples" / f"{example}.pde"
            row = training.train(program, path, seed, settings) | {"case": name, "bound": bound}
            failed |= row["l2"] is None or (bound is not None and row["l2"] > bound)
            asked = "its failure" if bound is None else f"{bound:g}"
            error, seconds, steps = training.number(row["l2"]), row["processor_seconds"], training.count(row["steps"])
            if options.json:
                print(json.dumps(row), flush=True)
            elif options.markdown:
                print(f"| {name} | {error} | {seconds:.0f} | {steps} | {asked} |", flush=True)
            else:
                print(f"{name:<22} {seed:>3} {error:>9} {seconds:>8.1f} {steps:>7}  {asked}", flush=True)
    return 1 if failed else 0
