"""Kills at random moments and damaged files: does every run go on to the same bytes, is every damage refused?"""

import json
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Three examples, each with a method of another kind, small enough that two hundred runs are a matter of minutes.
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
]


def command(binary, name, sets, out, more):
    sets = [part for text in sets for part in ("--set", text)]
    return [binary, "train", str(ROOT / "examples" / f"{name}.pde"), "--out", str(out), "--quiet", "--threads", "1",
            "--checkpoint", "0.05s", *sets, *more]


def run(arguments, **more):
    return subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def outcome(folder):
    result = json.loads((folder / "result.json").read_text())
    result.pop("seconds")
    return (folder / "model.safetensors").read_bytes(), (folder / "settings.toml").read_bytes(), result


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


def damage_case(binary, chance, count, folder):
    name, sets = CASES[0]
    out = folder / "damaged"
    done = run(command(binary, name, sets, out, []))
    assert done.returncode == 0, done.stderr
    part = folder / "part"
    process = subprocess.Popen(command(binary, name, sets, part, []), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while not (part / "checkpoint.safetensors").exists() or (part / "checkpoint.safetensors").stat().st_size < 8000:
        time.sleep(0.005)
    process.kill()
    process.wait()
    evaluate = [binary, "eval", str(out), "--grid", "x=3,t=3"]
    resume = [binary, "train", str(part), "--resume", "--quiet"]
    other = (out / "model.safetensors").read_bytes()
    targets = [(part / "checkpoint.safetensors", resume, [("another file", other)]),
               (out / "model.safetensors", evaluate,
                [("another file", (part / "checkpoint.safetensors").read_bytes())]),
               (out / "settings.toml", evaluate, [("another file", b"[train]\nwindows = 3\n")])]
    table = {"damages": 0, "refused": 0, "unnamed": 0, "panics": 0, "taken": []}
    for path, arguments, more in targets:
        good = path.read_bytes()
        for kind, bytes in [*damages(good, chance, count // len(targets) + 1), *more]:
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


def arguments(parser):
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="kills, over all cases (default 200)")
    parser.add_argument("--damages", type=int, default=100, metavar="N", help="damaged files (default 100)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the moments and damages (default 0)")
    parser.add_argument("--binary", metavar="FILE", default=str(ROOT / "target/release/pdec"), help="this pdec")


def main(options):
    chance = random.Random(options.seed)
    ok = True
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, sets) in enumerate(CASES):
            place = Path(folder) / name
            place.mkdir()
            share = options.kills // len(CASES) + (number < options.kills % len(CASES))
            found = kill_case(options.binary, name, sets, share, chance, place)
            print(json.dumps(found), flush=True)
            ok &= found["refused"] == 0 and found["different"] == 0
        table = damage_case(options.binary, chance, options.damages, Path(folder))
        print(json.dumps(table))
        ok &= table["refused"] == table["damages"] and table["unnamed"] == 0 and table["panics"] == 0
    return 0 if ok else 1
