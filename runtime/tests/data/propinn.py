"""Reference values for the test of `network = propinn`: the definition of the network in NumPy, and nothing else.

Writes `propinn.txt`: x, t, u, u_x, u_t, u_xx, u_xt, u_tt of the network with the parameters of `parameters()`, over
x in [0, 4] and t in [0, 0.5]. Derivatives by truncated Taylor arithmetic: an array holds (u, x, t, xx, xt, tt).

    python3 propinn.py > propinn.txt
"""

import numpy as np

REGIONS = [(0.01, 3), (0.05, 5), (0.09, 7)]
X, T = (0.0, 4.0), (0.0, 0.5)


def parameters(count):
    k = np.arange(count)
    return (((k * 7919 + 31) % 1013) / 1013 - 0.5) * 1.6


def chain(z, f, first, second):
    """The jets of f(z) from the values of f, f', f'' at z."""
    v, x, t, xx, xt, tt = z
    return np.stack([
        f,
        first * x,
        first * t,
        second * x * x + first * xx,
        second * x * t + first * xt,
        second * t * t + first * tt,
    ])


def main():
    theta = parameters(15030)
    used = 0

    def take(*shape):
        nonlocal used
        size = int(np.prod(shape))
        part = theta[used:used + size].reshape(shape)
        used += size
        return part

    # in the order of the network: (weights, biases), then the two weights of the activation behind it
    projection0 = take(8, 2), take(8)
    act_projection = take(2)
    projection1 = take(32, 8), take(32)
    mixer0 = take(8, 4), take(8)
    act_mixer = take(2)
    mixer1 = take(1, 8), take(1)
    head = []
    width = 32
    for _ in range(4):
        head.append((take(64, width), take(64), take(2)))
        width = 64
    output = take(1, 64), take(1)
    assert used == theta.size

    def affine(layer, jets):
        """`jets` of shape (6, inputs, …)"""
        weights, bias = layer[:2]
        result = np.tensordot(weights, jets, axes=(1, 1)).swapaxes(0, 1).copy()
        result[0] += bias.reshape((-1,) + (1,) * (result.ndim - 2))
        return result

    def waveact(weights, z):
        sine, cosine = np.sin(z[0]), np.cos(z[0])
        a, b = weights
        return chain(z, a * sine + b * cosine, a * cosine - b * sine, -a * sine - b * cosine)

    def project(dx, dt, x, t):
        """The channels at one site; displacements are in units of half intervals."""
        scaled = np.zeros((6, 2))
        scaled[0] = 2 * (x - X[0]) / (X[1] - X[0]) - 1 + dx, 2 * (t - T[0]) / (T[1] - T[0]) - 1 + dt
        scaled[1, 0] = 2 / (X[1] - X[0])
        scaled[2, 1] = 2 / (T[1] - T[0])
        return affine(projection1, waveact(act_projection, affine(projection0, scaled)))

    def network(x, t):
        tokens = [project(0, 0, x, t)]
        for reach, points in REGIONS:
            grid = np.linspace(-reach, reach, points)
            tokens.append(np.mean([project(dx, dt, x, t) for dx in grid for dt in grid], axis=0))
        tokens = np.stack(tokens, axis=1)  # (6, tokens, channels)
        value = affine(mixer1, waveact(act_mixer, affine(mixer0, tokens)))[:, 0, :]
        for layer in head:
            value = waveact(layer[2], affine(layer, value))
        return affine(output, value)[:, 0]

    for x, t in [(0.3, 0.1), (2.0, 0.25), (3.7, 0.42), (1.234, 0.0), (4.0, 0.5)]:
        print(" ".join(repr(float(number)) for number in [x, t, *network(x, t)]))


main()
