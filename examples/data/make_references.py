#!/usr/bin/env python3
"""Make the converged reference solutions of the examples and measure their error.

How to run
    python3 make_references.py NAME...
    python3 make_references.py all
    The files are written beside this script; the measured errors are printed, and the
    script fails if one is above the bound stated with it. Needs numpy, scipy and mpmath.

How the error is measured
    Every reference is computed again (a) by the same method at another resolution and
    (b) by at least one independent method. For each comparison two numbers over the whole
    grid are printed: the relative L2 difference |a - b|_2 / |b|_2 and the largest absolute
    difference.

What is made, and how, stands in README.md and at the top of each file in references/.
"""

import math
import sys
import time

sys.dont_write_bytecode = True

from references import allen_cahn, burgers, cavity, common, kdv, ks

REFERENCES = {
    "burgers": lambda: burgers.burgers("burgers", 401, math.pi, (1536, 2048)),
    "burgers01": lambda: burgers.burgers("burgers01", 201, 1.0, (512, 768)),
    "allen_cahn": allen_cahn.allen_cahn,
    "kdv": kdv.kdv,
    "ks": ks.ks,
    "cavity100": cavity.cavity100,
}


def main():
    names = sys.argv[1:]
    if names == ["all"]:
        names = list(REFERENCES)
    if not names or any(n not in REFERENCES for n in names):
        sys.exit("usage: make_references.py all | " + " | ".join(REFERENCES))
    for n in names:
        print(n, flush=True)
        start = time.time()
        REFERENCES[n]()
        print(f"  {time.time() - start:.0f} s", flush=True)
    if common.failures:
        sys.exit("above the stated bound: " + "; ".join(common.failures))


if __name__ == "__main__":
    main()
