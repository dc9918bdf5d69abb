"""What the references share: grids, time integration, comparison, files."""

import os

import numpy as np

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def grid(nx, nt=101):
    """Uniform grids, each number correctly rounded; x is exactly symmetric."""
    h = (nx - 1) // 2
    return np.arange(-h, h + 1) / h, np.arange(nt) / (nt - 1)


def integrate(method, f, y, ts, rtol, atol, **options):
    """States at ts. Every output time is the end of a step, never an interpolation."""
    out, step, steps = [y], 1e-6, 0
    for a, b in zip(ts[:-1], ts[1:]):
        s = method(f, a, out[-1], b, rtol=rtol, atol=atol, first_step=step, **options)
        widest = 0.0
        while s.status == "running":
            message = s.step()
            if s.status == "failed":
                raise RuntimeError(message)
            widest = max(widest, s.step_size)
            steps += 1
        # The next interval starts with the widest step of this one.
        step = min(widest, 0.5 * (ts[1] - ts[0]))
        out.append(s.y.copy())
    return np.array(out), steps


failures = []


def compare(what, a, b, bound):
    d = a - b
    l2, worst = np.linalg.norm(d) / np.linalg.norm(b), np.abs(d).max()
    verdict = "ok" if l2 <= bound else "FAILED"
    if verdict != "ok":
        failures.append(what)
    print(f"  {what}: relative L2 {l2:.2e}, max {worst:.2e}  [bound {bound:.0e}: {verdict}]", flush=True)


def write(name, **arrays):
    for a in arrays.values():
        assert a.dtype == np.float64 and np.isfinite(a).all()
    path = os.path.join(HERE, name + ".npz")
    np.savez(path, **{key: np.ascontiguousarray(a) for key, a in arrays.items()})
    shapes = ", ".join(f"{key} {a.shape}" for key, a in arrays.items())
    print(f"  wrote {name}.npz: {shapes}, {os.path.getsize(path) / 1e3:.0f} kB", flush=True)
