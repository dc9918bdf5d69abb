"""Whole runs of `pdec train`, as a user starts them."""

import json
import pathlib
import resource
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def binary(options):
    """The program to measure: the one that was named, else this tree's, built."""
    if options.binary:
        return pathlib.Path(options.binary).resolve()
    # The whole workspace: another choice of packages is another choice of features, and builds dependencies again.
    subprocess.run(["cargo", "build", "--release", "--workspace", "--quiet"], cwd=ROOT, check=True)
    return ROOT / "target" / "release" / "pdec"


def train(program, path, seed, settings=()):
    """What one run came to, with settings such as `windows = 1` over those of the file.

    `l2` is the largest relative L2 error of a field, `fields` has all of them, `seconds` is the wall time of the
    command, `processor_seconds` what it took of all cores, which says more on a busy machine. A run that fails has `l2`
    None and the reason in `failed`.
    """
    row = {"problem": path.stem, "seed": seed, "l2": None, "fields": {}}
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "train", path, "--seed", str(seed), "--out", f"{folder}/run", "--json", "--quiet"]
        command += [part for setting in settings for part in ("--set", f"train.{setting}")]
        begin, before = time.monotonic(), processor_seconds()
        done = subprocess.run(command, capture_output=True, text=True)
        row["seconds"] = round(time.monotonic() - begin, 2)
        row["processor_seconds"] = round(processor_seconds() - before, 2)
    try:
        result = json.loads(done.stdout)
    except json.JSONDecodeError:
        result = {}
    row |= {key: result.get(key) for key in ("parameters", "steps", "stopped")}
    row["fields"] = {name: error["l2"] for name, error in result.get("errors", {}).items()}
    if done.returncode == 0:
        # JSON has no NaN: an error that is none comes as null, and counts as the worst.
        errors = row["fields"].values()
        row["l2"] = None if None in errors else max(errors, default=None)
    if row["l2"] is None:
        row["failed"] = reason(done)
    return row


def processor_seconds():
    """The processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def reason(done):
    """Why a run has no error to show, in one line."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("error")]
    return f"exit status {done.returncode}" + (f": {lines[0]}" if lines else "")


def number(value):
    """An error as a table shows it."""
    return "failed" if value is None else f"{value:.2e}".replace("e-0", "e-").replace("e+0", "e+")


def count(value):
    return "" if value is None else f"{value:,}"
