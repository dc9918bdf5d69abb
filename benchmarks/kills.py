"""Kills at random moments and damaged files: does every run go on to the same bytes, is every damage refused?"""

import io
import json
import math
import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Examples, each with a method of another kind, small enough that two hundred kills are a matter of minutes.
CASES = [
    ("heat", ["train.windows=2", "train.network=mlp(width = 12, depth = 2)",
              "train.points=[interior = 600, initial = 64, boundary = 32]",
              "train.optimizer=[adam(steps = 600), lbfgs(steps = 100)]"]),
    ("burgers", ["train.windows=4", "train.network=mlp(width = 12, depth = 2)",
                 "train.points=[interior = 600, initial = 100, boundary = 40]",
                 "train.optimizer=gauss_newton(steps = 24)"]),
    ("allen_cahn", ["train.windows=2", "train.network=mlp(width = 10, depth = 2)",
                    "train.points=[interior = 500, initial = 100, boundary = 40]",
                    "train.optimizer=[soap(steps = 300), ss_broyden(steps = 60)]"]),
    ("burgers01", ["train.optimizer=newton_solve(patches = on, tolerance = 0.01)"]),
    ("inverse_burgers", ["train.network=mlp(width = 10, depth = 2)", "train.optimizer=gauss_newton(steps = 40)"]),
    # points drawn anew with a density, causal weights and weights from gradients: all have a state of their own
    ("reaction", ["train.windows=1", "train.network=mlp(width = 10, depth = 2)", "train.causal=on",
                  "train.weights=grad_norm(every = 50)", "train.conditions=soft",
                  "train.points=[interior = 500, initial = 100, boundary = 40, redraw = 40, adaptive = 0.5]",
                  "train.optimizer=adam(steps = 1500)"]),
    # as the files are: waves, window after window
    ("convection", []),
    ("kdv", []),
    # features are tried and do not fit the data, then a network is chosen and trained: see DECAY
    ("decay", ["train.points=[interior = 400]"]),
]

# What was measured follows another law: no number fits, whatever solves the equation.
DECAY = """problem "Decay"
time t in [0, 2]
field u(t)
unknown k in (0.1, 10) = 1
eq decay: u_t = -k*u
initial u = 1
observe u from "decay.csv" (t, u) noise 0.001
"""


def problem(name, folder):
    """The file of a case, and options beside settings."""
    if name != "decay":
        return ROOT / "examples" / f"{name}.pde", []
    path = folder / "decay.pde"
    if not path.exists():
        path.write_text(DECAY)
        rows = "".join(f"{number / 20},{1 / (1 + number / 20):.6f}\n" for number in range(41))
        (folder / "decay.csv").write_text("t,u\n" + rows)
    return path, ["--target", "1.47e-3"]


def command(binary, name, sets, out, more):
    path, options = problem(name, out.parent)
    sets = [part for text in sets for part in ("--set", text)]
    return [binary, "train", str(path), "--out", str(out), "--quiet", "--threads", "1", "--checkpoint", "0.05s",
            *options, *sets, *more]


def run(arguments, **more):
    return subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def outcome(folder):
    result = json.loads((folder / "result.json").read_text())
    result.pop("seconds")
    data = {file.name: file.read_bytes() for file in (folder / "data").glob("*")}
    return (*((folder / name).read_bytes() for name in ("model.safetensors", "settings.toml", "problem.pde")), data,
            result)


def kill_case(binary, name, sets, kills, chance, folder):
    begin = time.monotonic()
    done = run(command(binary, name, sets, folder / "whole", []))
    length = time.monotonic() - begin
    assert done.returncode == 0, done.stderr
    whole = outcome(folder / "whole")
    killed = finished = different = refused = runs = 0
    while killed < kills:
        out = folder / f"run{runs}"
        runs += 1
        # a few kills in one run, then it may end
        for _ in range(chance.randint(1, 6)):
            if killed == kills:
                break
            process = subprocess.Popen(command(binary, name, sets, out, ["--resume"]), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 0.7 * length))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.wait()
        done = run(command(binary, name, sets, out, ["--resume"]))
        if done.returncode != 0:
            refused += 1
            print(done.stderr)
            continue
        finished += 1
        different += outcome(out) != whole
        shutil.rmtree(out)
    return {"case": name, "seconds": round(length, 2), "kills": killed, "runs": runs, "finished": finished,
            "refused": refused, "different": different}


def damages(good, chance, count):
    """Truncations, flipped bits, blocks of zeros or of NaN, bytes in the middle more or less."""
    for number in range(count):
        place = chance.randrange(len(good))
        kind = number % 5
        if kind == 0:
            yield "cut off", good[:place]
        elif kind == 1:
            yield "bit flipped", good[:place] + bytes([good[place] ^ (1 << chance.randrange(8))]) + good[place + 1:]
        elif kind == 2:
            yield "NaN", good[:place] + b"\x00\x00\x00\x00\x00\x00\xf8\x7f" + good[place + 8:]
        elif kind == 3:
            yield "a byte more", good[:place] + b"\x01" + good[place:]
        else:
            yield "a byte less", good[:place] + good[place + 1:]


def interrupted(arguments, folder):
    """Starts a run and kills it once it has a checkpoint with a state."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    checkpoint = folder / "checkpoint.safetensors"
    while not checkpoint.exists() or checkpoint.stat().st_size < 8000:
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.005)
    process.kill()
    process.wait()


def damage_case(binary, chance, count, folder):
    name, sets = CASES[0]
    out = folder / "damaged"
    done = run(command(binary, name, sets, out, []))
    assert done.returncode == 0, done.stderr
    part = folder / "part"
    interrupted(command(binary, name, sets, part, []), part)
    evaluate = [binary, "eval", str(out), "--grid", "x=3,t=3"]
    resume = [binary, "train", str(part), "--resume", "--quiet"]
    other = (out / "model.safetensors").read_bytes()
    targets = [(part / "checkpoint.safetensors", resume, [("another file", other)]),
               (out / "model.safetensors", evaluate,
                [("another file", (part / "checkpoint.safetensors").read_bytes())]),
               (out / "settings.toml", evaluate, [("another file", b"[train]\nwindows = 3\n")])]
    # A run that carries its data: the copies are part of what it is a run of.
    carried = folder / "carried"
    name, sets = CASES[4]
    interrupted(command(binary, name, sets, carried, []), carried)
    again = [binary, "train", str(carried), "--resume", "--quiet"]
    copy = carried / "data" / "burgers_noisy.csv"
    lines = copy.read_bytes().splitlines(keepends=True)
    targets.append((copy, again, [
        ("a line less", b"".join(lines[:-1])), ("another value", b"".join([lines[0], lines[2], *lines[2:]])),
        ("empty", b""), ("NaN", lines[0] + b"0,0.5,nan\n"), ("no names", b"".join(lines[1:])),
    ]))
    table = {"damages": 0, "refused": 0, "unnamed": 0, "panics": 0, "taken": []}
    for path, arguments, more in targets:
        good = path.read_bytes()
        sealed = path.suffix != ".csv"  # a flipped bit in text may leave the number that it was
        for kind, bytes in [*damages(good, chance, (count // 3 + 1) * sealed), *more]:
            if bytes == good:
                continue
            path.write_bytes(bytes)
            done = run(arguments)
            table["damages"] += 1
            if done.returncode == 2:
                table["refused"] += 1
            else:
                table["taken"].append(f"{path.name}, {kind}: {done.returncode}")
            # a long message is wrapped
            said = "".join(done.stderr.replace("│", "").split())
            table["unnamed"] += path.name not in said
            table["panics"] += "panicked" in done.stderr
        path.write_bytes(good)
    return table


# Files of data.

HEAT = """problem "Heat"
coord x in [0, 1]
time t in [0, 0.5]
field u(x, t)
param alpha = 0.05
eq heat: u_t = alpha*u_xx
initial u = sin(pi*x)
on x = 0, x = 1: u = 0
reference u from "FILE" (x, t, u)
"""


def npy(shape, values, kind="<f8", fortran=False):
    """The bytes of a .npy file, version 1.0."""
    header = f"{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': {tuple(shape)!r}, }}"
    header = header.ljust(-(10 + len(header) + 1) % 64 + len(header)) + "\n"
    code = {"<f8": "d", "<c16": "d", "<i8": "q"}[kind]
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(
        f"<{len(values)}{code}", *values)


def npz(arrays):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, bytes in arrays.items():
            archive.writestr(f"{name}.npy", bytes)
    return out.getvalue()


def mat(arrays):
    """MATLAB version 5, real matrices: name to (rows, columns, values by columns)."""
    def element(kind, data):
        return struct.pack("<II", kind, len(data)) + data + b"\x00" * (-len(data) % 8)
    out = b"MATLAB 5.0 MAT-file".ljust(116) + b"\x00" * 8 + struct.pack("<H", 0x0100) + b"IM"
    for name, (rows, columns, values) in arrays.items():
        out += element(14, element(6, struct.pack("<II", 6, 0)) + element(5, struct.pack("<ii", rows, columns))
                       + element(1, name.encode()) + element(9, struct.pack(f"<{len(values)}d", *values)))
    return out


def comsol_damages(u):
    """The spreadsheet that COMSOL exports, a column for each time; `u[5 i + j]` is at `x = i/8`, `t = j/8`."""
    lines = ["% Model:              rod.mph", "% Version:            COMSOL 6.1.0.252", "% Dimension:          1",
             "% Nodes:              9", "% Expressions:        5", "% Description:        u"]
    head = "% x" + "".join(f"    u (1) @ t={j / 8}" for j in range(5))
    rows = [[i / 8, *u[5 * i: 5 * i + 5]] for i in range(9)]

    def text(rows, head=head, more=()):
        return "\n".join([*lines, *more, head, *("  ".join(map(str, row)) for row in rows)]).encode() + b"\n"

    def changed(place, value):
        return [[value if (i, j) == place else old for j, old in enumerate(row)] for i, row in enumerate(rows)]

    yield None, text(rows)
    yield "a value is NaN", text(changed((3, 2), "NaN"))
    yield "infinite", text(changed((3, 2), "-Inf"))
    yield "a word", text(changed((3, 2), "hot"))
    yield "a decimal comma", text(changed((3, 2), "0,5"))
    yield "outside in x", text(changed((8, 0), 1.5))
    yield "outside in t", text(rows, head.replace("t=0.5", "t=0.75"))
    yield "a time twice", text(rows, head.replace("t=0.5", "t=0.375"))
    yield "a time without a value", text(rows, head.replace("t=0.5", "t="))
    yield "a ragged row, short", text([row[:5] if i == 4 else row for i, row in enumerate(rows)])
    yield "a ragged row, long", text([[*row, 1] if i == 4 else row for i, row in enumerate(rows)])
    yield "a column less", text([row[:5] for row in rows])
    yield "another field", text(rows, head.replace("u (1)", "T (1)"))
    yield "no times", text([row[:2] for row in rows], "% x    u (1)")
    yield "a parameter, not the time", text(rows, head.replace("t=", "k="))
    yield "only a header", text([])
    yield "the grid format", text(rows, more=["% Grid"])
    yield "the header alone cut off", text(rows).split(b"\n", 7)[-1]
    yield "cut within a row", text(rows)[:-40].rstrip() + b"e"
    yield "complex", text(changed((3, 2), "0.5+0.1i"))


def data_damages(chance):
    """What was done, the name of the file, its bytes; the first of each kind of file is sound."""
    x, t = [i / 8 for i in range(9)], [j / 8 for j in range(5)]
    u = [math.sin(math.pi * a) * math.exp(-0.05 * math.pi**2 * b) for a in x for b in t]
    turned = [u[i * 5 + j] for j in range(5) for i in range(9)]
    rows = [(a, b, u[i * 5 + j]) for i, a in enumerate(x) for j, b in enumerate(t)]

    def text(rows, head="x,t,u", between=","):
        return "\n".join([head, *(between.join(map(str, row)) for row in rows)]).encode() + b"\n"

    def changed(number, row):
        return [row if k == number else old for k, old in enumerate(rows)]

    good = {"x": npy([9], x), "t": npy([5], t), "u": npy([9, 5], u)}

    def other(**arrays):
        return npz({**good, **arrays})

    nan = u[:7] + [math.nan] + u[8:]
    yield None, "a.csv", text(rows)
    yield "a value is NaN", "a.csv", text(changed(3, (0.0, 0.375, "nan")))
    yield "infinite", "a.csv", text(changed(3, (0.0, 0.375, "1e999")))
    yield "an empty cell", "a.csv", text(changed(3, (0.0, 0.375, "")))
    yield "a word", "a.csv", text(changed(3, (0.0, 0.375, "cold")))
    yield "a ragged row, short", "a.csv", text(changed(3, (0.0, 0.375)))
    yield "a ragged row, long", "a.csv", text(changed(3, (0.0, 0.375, 1, 2)))
    yield "cut within a row", "a.csv", text(rows)[:200].rsplit(b",", 1)[0]
    yield "a column missing", "a.csv", text([row[:2] for row in rows], "x,t")
    yield "a column twice", "a.csv", text([(*row, 0) for row in rows], "x,t,u,u")
    yield "another name", "a.csv", text(rows, "x,t,w")
    yield "no names", "a.csv", text(rows).split(b"\n", 1)[1]
    yield "only names", "a.csv", b"x,t,u\n"
    yield "outside in x", "a.csv", text(changed(3, (1.5, 0.375, 0.2)))
    yield "outside in t", "a.csv", text(changed(3, (0.0, -0.375, 0.2)))
    yield "decimal commas", "a.csv", text([[str(v).replace(".", ",") for v in row] for row in rows], "x;t;u", ";")
    yield "a unit without units", "a.csv", text([(1000 * a, b, c) for a, b, c in rows], "x [mm],t,u")
    yield "UTF-16", "a.csv", text(rows).decode().encode("utf-16")
    yield "binary", "a.csv", bytes(chance.randrange(256) for _ in range(500))
    yield "empty", "a.csv", b""
    yield None, "a.npz", npz(good)
    # An axis of one value more or less changes nothing.
    yield None, "a.npz", other(u=npy([9, 5, 1], u))
    yield "transposed", "a.npz", other(u=npy([5, 9], turned))
    yield "too few values", "a.npz", other(u=npy([9, 4], u[:36]))
    yield "flat", "a.npz", other(u=npy([45], u))
    yield "an axis that falls", "a.npz", other(x=npy([9], x[::-1]))
    yield "an axis with a value twice", "a.npz", other(x=npy([9], [0.0, *x[:8]]))
    yield "an axis outside", "a.npz", other(t=npy([5], [2 * b for b in t]))
    yield "NaN", "a.npz", other(u=npy([9, 5], nan))
    yield "NaN in an axis", "a.npz", other(x=npy([9], [math.nan, *x[1:]]))
    yield "complex", "a.npz", other(u=npy([9, 5], [0.0, *u, *u][: 90], "<c16"))
    yield "an array missing", "a.npz", npz({"x": good["x"], "u": good["u"]})
    yield "an array of another name", "a.npz", npz({"x": good["x"], "t": good["t"], "v": good["u"]})
    yield "a shape that lies", "a.npz", other(u=npy([9, 500], u))
    yield "a huge shape", "a.npz", other(u=npy([1 << 62, 5], u))
    yield "an array that is no array", "a.npz", other(u=b"hello")
    yield "another kind of zip", "a.npz", npz({})
    yield None, "a.npy", npy([45, 3], [v for row in rows for v in row])
    yield "two columns", "a.npy", npy([45, 2], [v for row in rows for v in row[:2]])
    yield "NaN", "a.npy", npy([45, 3], [math.nan, *[v for row in rows for v in row][1:]])
    yield "outside", "a.npy", npy([45, 3], [7.0, *[v for row in rows for v in row][1:]])
    yield "a shape that lies", "a.npy", npy([450, 3], [v for row in rows for v in row])
    matlab = {"x": (1, 9, x), "t": (1, 5, t), "u": (9, 5, turned)}
    yield None, "a.mat", mat(matlab)
    yield "transposed", "a.mat", mat({**matlab, "u": (5, 9, u)})
    yield "NaN", "a.mat", mat({**matlab, "u": (9, 5, nan)})
    yield "an array missing", "a.mat", mat({"x": matlab["x"], "u": matlab["u"]})
    yield "a shape that lies", "a.mat", mat({**matlab, "u": (9, 50, turned)})
    yield "version 7.3", "a.mat", b"MATLAB 7.3 MAT-file".ljust(116) + b"\x00" * 8 + struct.pack("<H", 0x0200) + b"IM"
    for kind, export in comsol_damages(u):
        yield kind, "a.txt", export
    yield "a model", "a.npz", b"\x08\x00\x00\x00\x00\x00\x00\x00{\"a\":1}"
    # Formats with a check of all their bytes notice every flip; those without notice that something is missing.
    for name, sound, flips in [("a.npz", npz(good), 12), ("a.npy", npy([45, 3], [v for row in rows for v in row]), 0),
                               ("a.mat", mat(matlab), 0)]:
        for _ in range(8):
            yield "cut off", name, sound[: chance.randrange(len(sound))]
        first = sound.index(b"NUMPY") if flips else 0
        for _ in range(flips):
            # within the arrays: names and dates of a zip file are in it twice or not at all checked
            place = chance.randrange(first, first + 150)
            yield "a bit flipped", name, sound[:place] + bytes([sound[place] ^ (1 << chance.randrange(8))]) + sound[place + 1:]


def data_case(binary, chance, folder):
    table = {"data files": 0, "refused": 0, "unnamed": 0, "panics": 0, "taken": []}
    place = folder / "data"
    place.mkdir()
    for kind, name, bytes in data_damages(chance):
        (place / name).write_bytes(bytes)
        (place / "heat.pde").write_text(HEAT.replace("FILE", name))
        done = run([binary, "train", "heat.pde", "--quiet", "--out", "run", "--set", "train.optimizer=adam(steps = 1)",
                    "--set", "train.network=mlp(width = 4, depth = 1)", "--set", "train.windows=1"], cwd=place)
        if kind is None:
            # What is sound is read: else a refusal would say nothing.
            assert done.returncode == 0, (name, done.stderr)
            shutil.rmtree(place / "run")
            continue
        table["data files"] += 1
        if done.returncode == 2 and not (place / "run").exists():
            table["refused"] += 1
        else:
            table["taken"].append(f"{name}, {kind}: {done.returncode}")
            shutil.rmtree(place / "run", ignore_errors=True)
        table["unnamed"] += name not in "".join(done.stderr.replace("│", "").split())
        table["panics"] += "panicked" in done.stderr
        if os.environ.get("PDEC_KILLS_SHOW"):
            print(f"== {name}: {kind}\n{done.stderr}")
    return table


def arguments(parser):
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="kills, over all cases (default 200)")
    parser.add_argument("--damages", type=int, default=100, metavar="N", help="damaged files (default 100)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the moments and damages (default 0)")
    parser.add_argument("--binary", metavar="FILE", default=str(ROOT / "target/release/pdec"), help="this pdec")
    parser.add_argument("--only", metavar="NAME", action="append", choices=[name for name, _ in CASES],
                        help="this case, no damages; may be repeated")


def main(options):
    chance = random.Random(options.seed)
    ok = True
    cases = [case for case in CASES if not options.only or case[0] in options.only]
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, sets) in enumerate(cases):
            place = Path(folder) / name
            place.mkdir()
            share = options.kills // len(cases) + (number < options.kills % len(cases))
            found = kill_case(options.binary, name, sets, share, chance, place)
            print(json.dumps(found), flush=True)
            ok &= found["refused"] == 0 and found["different"] == 0
        if options.only:
            return 0 if ok else 1
        for count, table in [("damages", damage_case(options.binary, chance, options.damages, Path(folder))),
                             ("data files", data_case(options.binary, chance, Path(folder)))]:
            print(json.dumps(table), flush=True)
            ok &= table["refused"] == table[count] and table["unnamed"] == 0 and table["panics"] == 0
    return 0 if ok else 1
