"""One training step against other systems, from the same weights and points, each on one thread.

Processor time of the shortest of several runs; the systems take turns, so that a busy machine is busy for all of them.
The first use makes a Python environment with pinned versions in target/benchmarks.
"""

import array
import json
import math
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "peers"
WORK = ROOT / "target" / "benchmarks"

CASES = [
    ("burgers", 64),
    ("burgers", 128),
    ("burgers", 256),
    ("navier_stokes", 128),
    ("kuramoto_sivashinsky", 128),
]

# Name: script and variant.
SYSTEMS = {
    "pdec": None,
    "pdec collapsed": None,
    "torch nested": ("torch_step.py", "nested"),
    "torch jets": ("torch_step.py", "jets"),
    "torch compiled jets": ("torch_step.py", "jets_compile"),
    "jax jets": ("jax_step.py", "jets"),
    "jax pointwise": ("jax_step.py", "pointwise"),
}

# Largest relative difference of losses, and of gradients in the Euclidean norm.
AGREEMENT = {"f64": 1e-10, "f32": 1e-4}

ONE_THREAD = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def environment():
    """A Python with the peers' packages."""
    folder = WORK / "python"
    python = folder / "bin" / "python"
    wanted = (PEERS / "requirements.txt").read_text()
    mark = folder / "requirements.txt"
    if not mark.exists() or mark.read_text() != wanted:
        print("making the peers' Python environment …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "-r", PEERS / "requirements.txt"]
        subprocess.run(install, check=True)
        mark.write_text(wanted)
    return python


def binary():
    """The engine's side, built."""
    command = ["cargo", "build", "--release", "--workspace", "--bench", "step"]
    command += ["--message-format", "json"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "step":
            return message["executable"]
    sys.exit("cargo built no benchmark `step`")


def run(command, precision="f64", threads=1, sizes=()):
    """The JSON object that a program prints; on the first processor where that can be said."""
    if hasattr(os, "sched_setaffinity") and threads == 1:
        first = min(os.sched_getaffinity(0))
        limit = {"preexec_fn": lambda: os.sched_setaffinity(0, {first})}
    else:
        limit = {}
    done = subprocess.run(
        [str(part) for part in command],
        env=os.environ | ONE_THREAD | {"STEP_PRECISION": precision, "STEP_SIZES": " ".join(map(repr, sizes))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **limit,
    )
    if done.returncode != 0:
        sys.exit(f"{command[:3]} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def numbers(path):
    values = array.array("d")
    values.frombytes(path.read_bytes())
    return values


def difference(values, reference):
    norm = math.sqrt(sum(r * r for r in reference))
    return math.sqrt(sum((v - r) ** 2 for v, r in zip(values, reference))) / norm


def measure(case, width, precision, options, python, engine):
    """The results of all systems on one case."""
    data = WORK / f"{case}-{width}.data"
    write = "import sys, cases; cases.write(sys.argv[1], int(sys.argv[2]), sys.argv[3])"
    subprocess.run([python, "-c", write, case, str(width), data], cwd=PEERS, check=True)
    gradient = WORK / "gradient"
    results = {}
    reference = None
    sizes = []
    for _ in range(options.rounds):
        for system, peer in SYSTEMS.items():
            if options.only and options.only not in system and not system.startswith("pdec"):
                continue
            arguments = [case, width, data, gradient]
            if peer is None:
                command = [engine, *arguments, "--repeats", options.repeats]
                command += ["--collapse"] if system == "pdec collapsed" else []
                command += ["--single"] if precision == "f32" else []
            else:
                command = [python, PEERS / peer[0], peer[1], *arguments, options.repeats]
            result = run(command, precision, sizes=sizes)
            sizes = result.get("sizes", sizes)
            values = numbers(gradient)
            if reference is None:
                reference = (result["loss"], values)
            result["loss_difference"] = abs(result["loss"] / reference[0] - 1)
            result["gradient_difference"] = difference(values, reference[1])
            best = results.get(system)
            if best is None or result["milliseconds"] < best["milliseconds"]:
                results[system] = result
    again = [engine, case, width, data, gradient]
    again += ["--single"] if precision == "f32" else []
    more = run([*again, "--repeats", 1, "--copies", 4])
    results["pdec"]["rss_mib_4_times_the_points"] = more["rss_mib"]
    if (os.cpu_count() or 1) > 1:
        two = run([*again, "--repeats", options.repeats, "--threads", 2], threads=2)
        results["pdec"]["milliseconds_two_threads"] = two["milliseconds"]
        one = run([*again, "--repeats", options.repeats, "--clock"], threads=2)
        results["pdec"]["milliseconds_one_thread"] = one["milliseconds"]
    return results


def newton(options, python, engine):
    """The parts of a Gauss–Newton step."""
    data = WORK / "newton-24.data"
    write = "import sys, cases; cases.write('newton', 24, sys.argv[1])"
    subprocess.run([python, "-c", write, data], cwd=PEERS, check=True)
    arguments = ["newton", 24, data, WORK / "gradient"]
    parts = ["jacobian", "gram", "cholesky", "residuals"]
    best = {}
    sizes = []
    for _ in range(options.rounds):
        for system, command in {
            "pdec": [engine, *arguments, "--repeats", options.repeats],
            "jax + openblas": [python, PEERS / "jax_step.py", "newton", *arguments, options.repeats],
        }.items():
            result = run(command, sizes=sizes)
            sizes = result.get("sizes", sizes)
            known = best.setdefault(system, result)
            for part in parts:
                known[part] = min(known[part], result[part])
    return best, parts


def main(options):
    WORK.mkdir(parents=True, exist_ok=True)
    python, engine = environment(), binary()
    failed = False
    runs = [(case, width, precision) for case, width in CASES for precision in AGREEMENT]
    for case, width, precision in runs:
        if options.case not in (None, case) or options.precision not in (None, precision):
            continue
        if options.width not in (None, width):
            continue
        results = measure(case, width, precision, options, python, engine)
        own = results["pdec"]["milliseconds"]
        if not options.json:
            print(f"\n{case}, 4 × {width}, {precision}; load {os.getloadavg()[0]:.1f}")
            print(f"{'system':<20} {'ms':>8} {'ratio':>6} {'GFLOP/s':>8} {'of peak':>8} {'MiB':>6}   agreement")
        for system, result in results.items():
            worst = max(result["loss_difference"], result["gradient_difference"])
            failed |= worst > AGREEMENT[precision]
            if options.json:
                print(json.dumps({"case": case, "width": width, "precision": precision, "system": system} | result), flush=True)
                continue
            rate, peak = result.get("gflops"), result.get("peak_gflops")
            share = f"{rate:8.1f} {rate / peak:8.0%}" if rate else " " * 17
            mark = "" if worst <= AGREEMENT[precision] else "  DIFFERENT"
            line = f"{system:<20} {result['milliseconds']:8.1f} {result['milliseconds'] / own:6.2f} {share}"
            print(f"{line} {result['rss_mib']:6.0f}   {worst:.0e}{mark}", flush=True)
        if not options.json:
            print(f"four times the points: {results['pdec']['rss_mib_4_times_the_points']:.0f} MiB")
            if two := results["pdec"].get("milliseconds_two_threads"):
                one = results["pdec"]["milliseconds_one_thread"]
                print(f"two threads: {one / two:.2f} × one, by the clock")
    if options.case in (None, "newton"):
        best, parts = newton(options, python, engine)
        norms = [result["norm"] for result in best.values()]
        failed |= abs(norms[0] / norms[1] - 1) > AGREEMENT["f64"]
        if not options.json:
            print("\nGauss–Newton step, 2 × 24, 2000 points: ms")
            print(f"{'system':<20}" + "".join(f"{part:>11}" for part in parts))
        for system, result in best.items():
            if options.json:
                print(json.dumps({"case": "newton", "width": 24, "system": system} | result), flush=True)
            else:
                print(f"{system:<20}" + "".join(f"{result[part]:11.2f}" for part in parts))
    return 1 if failed else 0
